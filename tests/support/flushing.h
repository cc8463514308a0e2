#pragma once

namespace support {

/// Whether servers are to flush what they write to the disk, as where they serve: TOOZ_FLUSHING is
/// set. Tests do without, benchmarks do not.
bool flushing();

}  // namespace support
