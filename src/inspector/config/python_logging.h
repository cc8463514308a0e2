#pragma once
#include "base/log_options.h"

#include <string>

namespace inspector {

/// Reads a file of Python's logging.config.fileConfig into handlers and loggers of `options`, whose
/// forms are those of oslo.log's ContextFormatter. Handlers: StreamHandler, FileHandler,
/// NullHandler, handlers.WatchedFileHandler, RotatingFileHandler, TimedRotatingFileHandler,
/// SysLogHandler (of this machine), and oslo.log's. Throws base::ConfigError naming the file, and
/// what it is that cannot be done.
void read_python_logging(const std::string& file, base::LogOptions& options);

}  // namespace inspector
