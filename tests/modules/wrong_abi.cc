#include <hook_abi.h>

static const inspector_hook kHook = {
    INSPECTOR_HOOK_ABI + 1, "wrong_abi", nullptr, nullptr, nullptr, nullptr, nullptr};

const inspector_hook* inspector_hook_entry(void) { return &kHook; }
