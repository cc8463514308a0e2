#pragma once
#include "toozctl/command_line.h"

namespace toozctl {

inline constexpr int kDone = 0;
inline constexpr int kNegative = 1;
inline constexpr int kUsage = 2;
inline constexpr int kUnreachable = 3;
inline constexpr int kNotAcquired = 75;
inline constexpr int kLost = 76;

/// Runs one command; returns the exit code. Throws UsageError and tooz::Error.
int run(base::Env& env, const CommandLine& line);

int list_drivers(const CommandLine& line);                       // no backend is needed
int run_group_command(base::Env& env, const CommandLine& line);  // groups … ring
int run_lock(base::Env& env, const CommandLine& line);           // and semaphore
int break_lock(base::Env& env, const CommandLine& line);
int run_elect(base::Env& env, const CommandLine& line);
int run_bench(base::Env& env, const CommandLine& line);

}  // namespace toozctl
