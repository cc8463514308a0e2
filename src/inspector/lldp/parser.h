#pragma once
#include "inspector/lldp/found.h"

namespace inspector::lldp {

/// One TLV of a frame (IEEE 802.1AB): its type, and its value in bytes. Never throws but
/// std::bad_alloc: bytes that are not what the type asks for become a note.
void parse(int type, std::string_view value, Found& found);

/// The TLVs of one interface as a ramdisk posts them: `[[type, "hexadecimal"], …]`. Whatever
/// `list` is, what can be read of it is read and the rest becomes notes. Pure, thread-safe.
Found parse(const boost::json::value& list);

}  // namespace inspector::lldp
