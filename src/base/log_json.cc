#include "base/log_json.h"

#include <pthread.h>
#include <unistd.h>

#include <array>

#include "base/log_format.h"

namespace base {
namespace {

const std::string& host_name() {
  static const std::string name = [] {
    std::array<char, 256> text{};
    gethostname(text.data(), text.size() - 1);
    return std::string(text.data());
  }();
  return name;
}

class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  void raw(std::string_view name, std::string_view value) {
    if (out_.back() != '{') out_ += ", ";
    append_json(out_, name);
    out_ += ": ";
    out_ += value;
  }
  void text(std::string_view name, std::string_view value) {
    raw(name, "");
    append_json(out_, value);
  }

 private:
  std::string& out_;
};

void append_source(Members& members, const LogRecord& record) {
  const std::string path = path_of(record);
  const std::string file = path.substr(path.rfind('/') + 1);
  members.text("pathname", path);
  members.text("filename", file);
  members.text("module", file.substr(0, file.rfind('.')));
  members.raw("lineno", std::to_string(record.source.line));
  members.text("funcname", record.source.function);
}

void append_process(Members& members, const LogRecord& record) {
  static const LogFormat created("%(created)f", ""), relative("%(relativeCreated)f", "");
  const auto number = [&](const LogFormat& format) {
    std::string text;
    format.append(text, record, {});
    return text;
  };
  members.raw("created", number(created));
  members.raw("msecs", std::to_string(milliseconds_of(record.time)));
  members.raw("relative_created", number(relative));
  members.raw("thread", std::to_string(pthread_self()));
  static const LogFormat thread_name("%(threadName)s", "");
  members.text("thread_name", number(thread_name));
  members.text("process_name", "MainProcess");
  members.raw("process", std::to_string(getpid()));
}

std::string traceback(const LogRecord& record) {
  std::string_view rest = exception_lines(record);
  if (rest.empty()) return "null";
  std::string out = "[";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (out.size() > 1) out += ", ";
    append_json(out, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out + "]";
}

std::string context(const LogContext* values) {
  std::string out;
  Members members(out);
  if (values)
    for (const auto& [name, value] : values->values())
      members.text(name, value);
  return out + "}";
}

std::string extra(std::span<const LogField> fields) {
  std::string out;
  Members members(out);
  for (const LogField& field : fields) {
    if (field.name == kExceptionField) continue;
    // JSON has no nan and no inf; no other number or boolean has an n in it.
    if (field.quoted || field.value.find('n') != std::string::npos)
      members.text(field.name, field.value);
    else
      members.raw(field.name, field.value);
  }
  return out + "}";
}

/// The text with the node in front, as upstream's; the fields are apart.
std::string message(const LogRecord& record) {
  LogRecord plain = record;
  const LogSubject subject = subject_of(record);
  plain.fields = {};
  if (!subject.uuid.empty()) plain.subject = std::make_shared<const LogSubject>(subject);
  return message_text(plain);
}

}  // namespace

std::string json_line(const LogRecord& record, const std::string& date_format) {
  std::string out;
  Members members(out);
  members.text("message", message(record));
  members.text("asctime", asctime_of(record.time, date_format));
  members.text("name", record.source.component);
  members.text("msg", record.text);
  members.raw("args", "[]");
  members.text("levelname", level_name(record.level));
  members.raw("levelno", std::to_string(level_number(record.level)));
  append_source(members, record);
  append_process(members, record);
  members.raw("traceback", traceback(record));
  members.text("hostname", host_name());
  members.text("error_summary", error_summary(record));
  members.raw("context", context(record.context.get()));
  members.raw("extra", extra(record.fields));
  return out + "}";
}

}  // namespace base
