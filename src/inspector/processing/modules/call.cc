#include "inspector/processing/modules/call.h"

#include "base/log.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/hook.h"
#include "inspector/utf8.h"

namespace inspector {
namespace {

namespace json = boost::json;

using Text = inspector_text;

constexpr std::size_t kDeepest = 64;  // as the API takes reports

std::string_view view(Text text) noexcept {
  return text.data != nullptr ? std::string_view(text.data, text.size) : std::string_view();
}

Text text_of(const std::string& text) noexcept { return {text.data(), text.size()}; }

std::optional<json::value> parsed(Text text) {
  boost::system::error_code ec;
  json::parse_options options;
  options.max_depth = kDeepest;
  json::value value = json::parse(view(text), ec, {}, options);
  if (ec) return std::nullopt;
  return value;
}

// A JSON pointer to something within the whole.
bool is_path(std::string_view path) { return path.starts_with('/') && valid_utf8(path); }

}  // namespace

/// The functions of inspector_call. None lets an exception out: C cannot pass it on.
struct ModuleCall::Functions {
  static ModuleCall& self(void* context) { return *static_cast<ModuleCall*>(context); }

  // What is thrown is kept for finish(); the hook sees that there is nothing.
  template <class Body>
  static auto guarded(void* context, const Body& body, decltype(body(self(context))) otherwise)
      -> decltype(body(self(context))) {
    try {
      return body(self(context));
    } catch (...) {
      if (!self(context).failed_) self(context).failed_ = std::current_exception();
      return otherwise;
    }
  }

  static int refused(const ModuleCall& call, const std::string& why) {
    call.warn(why);
    return -1;
  }

  // Collects a change; `change` returns false for arguments that cannot be used.
  template <class Change>
  static int collect(void* context, const char* what, const Change& change) {
    return guarded(
        context,
        [&](ModuleCall& call) {
          if (call.changes_ == nullptr)
            return refused(call, std::string(what) + ": the node is not known yet");
          if (!change(*call.changes_))
            return refused(call, std::string(what) + ": arguments that cannot be used");
          return 0;
        },
        -1);
  }

  static Text report(void* context) {
    return guarded(
        context,
        [](ModuleCall& call) {
          call.report_text_ = json::serialize(call.report_);
          return text_of(call.report_text_);
        },
        Text{});
  }

  static int set_report(void* context, Text text) {
    return guarded(
        context,
        [&](ModuleCall& call) {
          auto value = parsed(text);
          if (!value || !value->is_object())
            return refused(call, "set_report: expected a JSON object");
          call.report_ = std::move(value->get_object());
          return 0;
        },
        -1);
  }

  static Text node(void* context) {
    return guarded(
        context,
        [](ModuleCall& call) {
          if (call.node_ == nullptr) return Text{};
          call.node_text_ = json::serialize(call.node_->node());
          return text_of(call.node_text_);
        },
        Text{});
  }

  static Text ports(void* context) {
    return guarded(
        context,
        [](ModuleCall& call) {
          if (call.node_ == nullptr) return Text{};
          call.ports_text_ = json::serialize(json::value_from(call.node_->ports()));
          return text_of(call.ports_text_);
        },
        Text{});
  }

  static int set_node(void* context, Text path, Text value) {
    return collect(context, "set_node", [&](NodeChanges& changes) {
      auto parsed_value = parsed(value);
      if (!is_path(view(path)) || !parsed_value) return false;
      changes.set(view(path), *std::move(parsed_value));
      return true;
    });
  }

  static int remove_node(void* context, Text path) {
    return collect(context, "remove_node", [&](NodeChanges& changes) {
      if (!is_path(view(path))) return false;
      changes.remove(view(path));
      return true;
    });
  }

  static int set_port(void* context, Text port, Text path, Text value) {
    return collect(context, "set_port", [&](NodeChanges& changes) {
      auto parsed_value = parsed(value);
      if (view(port).empty() || !valid_utf8(view(port)) || !is_path(view(path)) || !parsed_value)
        return false;
      changes.set_port(view(port), view(path), *std::move(parsed_value));
      return true;
    });
  }

  static int add_trait(void* context, Text name) {
    return collect(context, "add_trait", [&](NodeChanges& changes) {
      if (view(name).empty() || !valid_utf8(view(name))) return false;
      changes.add_trait(view(name));
      return true;
    });
  }

  static int remove_trait(void* context, Text name) {
    return collect(context, "remove_trait", [&](NodeChanges& changes) {
      if (view(name).empty() || !valid_utf8(view(name))) return false;
      changes.remove_trait(view(name));
      return true;
    });
  }

  static void reject(void* context, Text why) {
    guarded(
        context,
        [&](ModuleCall& call) {
          if (!call.rejected_) call.rejected_ = to_valid_utf8(view(why));
          return 0;
        },
        0);
  }

  static void warn(void* context, Text text) {
    guarded(
        context,
        [&](ModuleCall& call) {
          call.warn(to_valid_utf8(view(text)));
          return 0;
        },
        0);
  }
};

ModuleCall::ModuleCall(std::string_view hook, json::object& report, const NodeView* node,
                       NodeChanges* changes)
    : hook_(hook),
      report_(report),
      node_(node),
      changes_(changes),
      functions_{this,
                 Functions::report,
                 Functions::set_report,
                 Functions::node,
                 Functions::ports,
                 Functions::set_node,
                 Functions::remove_node,
                 Functions::set_port,
                 Functions::add_trait,
                 Functions::remove_trait,
                 Functions::reject,
                 Functions::warn} {}

void ModuleCall::finish() const {
  if (failed_) std::rethrow_exception(failed_);
  if (rejected_) throw Rejected(*rejected_);
}

void ModuleCall::warn(const std::string& text) const {
  base::log_warning("processing." + std::string(hook_), text,
                    {{"node", node_ != nullptr ? std::string_view(node_->uuid()) : ""}});
}

}  // namespace inspector
