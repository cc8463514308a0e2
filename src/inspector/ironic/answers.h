#pragma once
#include "http/message.h"
#include "inspector/ironic/client.h"

#include <optional>
#include <string>
#include <string_view>

/// Ironic's answers taken apart. Pure.
namespace inspector::ironic {

/// Ironic's own words in the body of a refusal: `error_message`, which holds an object with
/// `faultstring` or, from older ones, that object as a text. Whatever else stands there is given in
/// short; never empty, one line.
std::string error_text(std::string_view body);

/// A microversion `1.N`; nullopt for any other text.
std::optional<int> minor_version(std::string_view text);

struct Versions {
  int least = 0;
  int most = 0;
};
/// What the answer to `GET /v1/` says that Ironic speaks, in its headers or its body. nullopt: it
/// does not say.
std::optional<Versions> versions_of(const http::Response& response);

/// Whether `error` says nothing about what was asked: no answer, or one of 502, 503, 504, as long
/// as Ironic is down, restarted or cut off. The same may succeed later.
bool is_away(const Error& error) noexcept;

/// Path and query of a list's `next` link, from `/v1/` on: its host is as Ironic sees itself, which
/// is not always how it is reached. nullopt: not a link into `/v1/`.
std::optional<std::string> path_of_link(std::string_view link);

/// One segment of a path or a query's value, with everything unusual percent-encoded.
std::string encoded(std::string_view segment);

}  // namespace inspector::ironic
