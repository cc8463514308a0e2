#include "tooz/drivers/etcd/origin.h"

#include <array>
#include <cstdio>

namespace tooz::etcd {
namespace {

constexpr std::string_view kKey = "tooz-cc/origin";

std::string random_text(Env& env) {
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx",
                static_cast<unsigned long long>(env.random()),
                static_cast<unsigned long long>(env.random()));
  return text.data();
}

}  // namespace

void Origin::forget() {
  const std::lock_guard lock(mutex_);
  text_.clear();
}

std::string Origin::get() {
  const std::uint64_t refusals = client_.refusals();
  {
    const std::lock_guard lock(mutex_);
    if (!text_.empty() && generation_ == client_.channel().generation() && refusals_ == refusals)
      return text_;
  }
  // Repeating is harmless: whoever comes second reads what the first wrote.
  std::string text = random_text(client_.env());
  const Client::What what{"/etcdserverpb.KV/Txn", "read", kKey, Client::Repeat::kHarmless};
  const Client::Answer answer = client_.call(what, encode_create_or_get(kKey, text));
  const TxnReply reply = client_.decoded(what, answer.message, &decode_txn);
  if (!reply.succeeded) {
    if (reply.entries.empty()) client_.fail(what, Errc::kUnreachable, BadReply().what());
    text = reply.entries.front().value;
  }
  const std::lock_guard lock(mutex_);
  text_ = text;
  generation_ = answer.generation;
  refusals_ = refusals;
  return text;
}

}  // namespace tooz::etcd
