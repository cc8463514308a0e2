#pragma once
#include "inspector/lldp/found.h"

namespace inspector::lldp {

/// The value of an organisationally specific TLV (type 127): those of IEEE 802.1 and 802.3. Throws
/// Malformed.
void organisation_tlv(std::string_view value, Found& found);

/// Throws Malformed with upstream's text when `value` is of another length.
void expect_length(std::string_view name, std::string_view value, std::size_t length);

/// The medium that IANA's number of a MAU type stands for (`10GBASE-R`); throws Malformed for one
/// that has no name here.
std::string_view mau_type_name(unsigned number);

}  // namespace inspector::lldp
