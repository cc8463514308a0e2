#include "wsgi/answer.h"

#include <string>
#include <string_view>

namespace wsgi {
namespace {

/// A native string of WSGI; what would end a line of the head becomes a space.
Ref native(std::string_view text) {
  std::string clean(text);
  for (char& c : clean)
    if (c == '\r' || c == '\n' || c == '\0') c = ' ';
  return Ref(PyUnicode_DecodeLatin1(clean.data(), static_cast<Py_ssize_t>(clean.size()), nullptr));
}

/// These are the container's to tell.
bool is_of_container(std::string_view name) {
  return http::same_name(name, "Connection") || http::same_name(name, "Transfer-Encoding") ||
         http::same_name(name, "Content-Length") || http::same_name(name, "Date");
}

bool append(PyObject* list, std::string_view name, std::string_view value) {
  const Ref first = native(name), second = native(value);
  if (!first || !second) return false;
  const Ref pair(PyTuple_Pack(2, first.get(), second.get()));
  return pair && PyList_Append(list, pair.get()) == 0;
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

Ref headers_of(const http::Response& response) {
  Ref list(PyList_New(0));
  if (!list) return list;
  for (const auto& [name, value] : response.headers)
    if (!is_of_container(name) && !append(list.get(), name, value)) return Ref();
  if (may_have_body(response.status) &&
      !append(list.get(), "Content-Length", std::to_string(response.body.size())))
    return Ref();
  return list;
}

}  // namespace

PyObject* give_answer(const http::Response& response, bool head_only, PyObject* start_response) {
  const std::string_view reason =
      response.reason.empty() ? http::reason_phrase(response.status) : response.reason;
  const Ref status = native(std::to_string(response.status) + " " + std::string(reason));
  const Ref headers = headers_of(response);
  if (!status || !headers) return nullptr;
  const Ref write(
      PyObject_CallFunctionObjArgs(start_response, status.get(), headers.get(), nullptr));
  if (!write) return nullptr;
  Ref body(PyList_New(0));
  if (!body || head_only || !may_have_body(response.status)) return body.release();
  const Ref bytes(PyBytes_FromStringAndSize(response.body.data(),
                                            static_cast<Py_ssize_t>(response.body.size())));
  if (!bytes || PyList_Append(body.get(), bytes.get()) != 0) return nullptr;
  return body.release();
}

}  // namespace wsgi
