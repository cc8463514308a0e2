#pragma once
#include "inspector/error.h"

#include <exception>
#include <string>

namespace inspector {

/// The name of an exception's class for an error text. Ironic's refusals go by the names that
/// operators know from the Python service (`ConflictException`).
std::string class_name(const std::exception& e);

/// What a failure that nobody foresaw becomes while a report is processed: kProcessing,
/// `Unexpected exception {Class} during processing: {text}`.
Error unexpected(const std::exception& e);

}  // namespace inspector
