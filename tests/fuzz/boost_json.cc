// The library's own code, compiled with the fuzzer's instrumentation.
#include <boost/json/src.hpp>
