#include "wsgi/environ.h"

#include <charconv>

namespace wsgi {
namespace {

/// What is no header and not used as it stands.
struct Parts {
  std::string path, query, mount, scheme, server_name, server_port, content_type, input_chunked;
};

/// The bytes that a native string of WSGI stands for: one for each character (latin-1). False: it
/// is no such string, and a Python exception is set.
bool get_bytes(PyObject* text, std::string& out) {
  if (!PyUnicode_Check(text)) {
    PyErr_Format(PyExc_TypeError, "a WSGI environ holds str, not %.100s", Py_TYPE(text)->tp_name);
    return false;
  }
  const Ref bytes(PyUnicode_AsLatin1String(text));
  if (!bytes) return false;
  out.assign(PyBytes_AS_STRING(bytes.get()),
             static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get())));
  return true;
}

/// Where the value of that key belongs; nullptr: to a header, or nowhere.
std::string* place_of(std::string_view key, Environ& out, Parts& parts) {
  const std::pair<std::string_view, std::string*> places[] = {
      {"REQUEST_METHOD", &out.request.method},
      {"PATH_INFO", &parts.path},
      {"QUERY_STRING", &parts.query},
      {"SCRIPT_NAME", &parts.mount},
      {"REMOTE_ADDR", &out.request.peer},
      {"SERVER_NAME", &parts.server_name},
      {"SERVER_PORT", &parts.server_port},
      {"wsgi.url_scheme", &parts.scheme},
      {"CONTENT_TYPE", &parts.content_type},
      {"CONTENT_LENGTH", &out.length},
      {"mod_wsgi.input_chunked", &parts.input_chunked}};
  for (const auto& [name, place] : places)
    if (name == key) return place;
  return nullptr;
}

/// `HTTP_X_AUTH_TOKEN` was `X-Auth-Token`, in whatever case.
std::string header_name(std::string_view key) {
  std::string name(key.substr(std::string_view("HTTP_").size()));
  for (char& c : name)
    if (c == '_') c = '-';
  return name;
}

bool take(PyObject* key, PyObject* value, Environ& out, Parts& parts) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_Check(key) ? PyUnicode_AsUTF8AndSize(key, &size) : nullptr;
  if (data == nullptr) {
    PyErr_Clear();  // somebody's own key
    return true;
  }
  const std::string_view name(data, static_cast<std::size_t>(size));
  if (std::string* place = place_of(name, out, parts)) return get_bytes(value, *place);
  if (!name.starts_with("HTTP_")) return true;
  return get_bytes(value, out.request.headers.emplace_back(header_name(name), "").second);
}

/// HTTP/1.0 knows no Host header; PEP 3333 says what stands for it then.
void add_host(http::Request& request, const Parts& parts) {
  if (http::find_header(request.headers, "Host") || parts.server_name.empty()) return;
  const bool v6 =
      parts.server_name.find(':') != std::string::npos && !parts.server_name.starts_with('[');
  std::string host = v6 ? "[" + parts.server_name + "]" : parts.server_name;
  if (!parts.server_port.empty()) host += ":" + parts.server_port;
  request.headers.emplace_back("Host", std::move(host));
}

bool is_true(PyObject* dict, const char* key) {
  PyObject* value = PyDict_GetItemString(dict, key);
  return value != nullptr && PyObject_IsTrue(value) == 1;
}

void finish(Environ& out, Parts& parts, const std::string& script_name) {
  http::Request& request = out.request;
  request.target = parts.path.empty() ? "/" : percent_encode_path(parts.path);
  if (!parts.query.empty()) request.target += "?" + parts.query;
  request.mount = parts.mount.empty() ? script_name : percent_encode_path(parts.mount);
  request.tls = parts.scheme == "https";
  const char* end = parts.server_port.data() + parts.server_port.size();
  if (std::from_chars(parts.server_port.data(), end, request.port).ptr != end) request.port = 0;
  if (!parts.content_type.empty())
    request.headers.emplace_back("Content-Type", std::move(parts.content_type));
  add_host(request, parts);
  out.chunked = http::find_header(request.headers, "Transfer-Encoding").has_value();
  out.input_ends = out.input_ends || parts.input_chunked == "1";
}

}  // namespace

bool read_environ(PyObject* dict, const std::string& script_name, Environ& out) {
  if (!PyDict_Check(dict)) {
    PyErr_SetString(PyExc_TypeError, "a WSGI environ is a dict");
    return false;
  }
  out.input = PyDict_GetItemString(dict, "wsgi.input");
  out.input_ends = is_true(dict, "wsgi.input_terminated");
  PyErr_Clear();
  Parts parts;
  PyObject *key = nullptr, *value = nullptr;
  for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value);)
    if (!take(key, value, out, parts)) return false;
  finish(out, parts, script_name);
  return true;
}

std::string percent_encode_path(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kAlso = "-._~/:@!$&'()*+,;=";
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kAlso.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    ((out += '%') += kHex[byte >> 4U]) += kHex[byte & 15U];
  }
  return out;
}

}  // namespace wsgi
