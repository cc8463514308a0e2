#pragma once
#include "inspector/node/changes.h"

namespace inspector {

/// Collected changes as a value that can be kept: who reads it back sends the same requests in the
/// same order. Pure, thread-safe.
boost::json::object changes_to_json(const NodeChanges& changes);

/// The reverse. Members that are not known are ignored, missing ones are empty. Throws
/// std::invalid_argument naming the member that is not of its kind.
NodeChanges changes_from_json(const boost::json::value& value);

}  // namespace inspector
