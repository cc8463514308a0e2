#ifndef IRONIC_INSPECTOR_HOOK_ABI_H
#define IRONIC_INSPECTOR_HOOK_ABI_H
/* What a processing hook outside of the tree is written against: plain C, so that neither the
 * compiler nor a library's version has to be the service's. Report, node and changes cross it as
 * JSON. docs/hooks.md tells how to write, build and configure one. */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a member below changes its place or meaning; at most appended to otherwise. */
#define INSPECTOR_HOOK_ABI 1

/* Bytes in UTF-8; `data` need not end with NUL, and is NULL when there is nothing. */
struct inspector_text {
  const char* data;
  size_t size;
};

/* One call of a hook: what it may ask and tell while it runs, on the thread it runs on. What is
 * returned stays valid until the next call of the same function, or until the hook returns. Those
 * that return int return 0, or -1 when an argument cannot be used; then nothing has changed, and
 * the log says why. */
struct inspector_call {
  void* context; /* the first argument of all these */

  struct inspector_text (*report)(void* context); /* a JSON object */
  int (*set_report)(void* context, struct inspector_text json);

  /* As they will be after the changes collected so far; before_update only. No data: Ironic does
   * not answer. The hook should return: the service deals with it. */
  struct inspector_text (*node)(void* context);  /* a JSON object */
  struct inspector_text (*ports)(void* context); /* a JSON list of objects */

  /* Changes are collected and sent together after the last hook; before_update only. `path` is a
   * JSON pointer (`/extra/rack`), `value` JSON. */
  int (*set_node)(void* context, struct inspector_text path, struct inspector_text value);
  int (*remove_node)(void* context, struct inspector_text path);
  int (*set_port)(void* context, struct inspector_text port_uuid, struct inspector_text path,
                  struct inspector_text value);
  int (*add_trait)(void* context, struct inspector_text name);
  int (*remove_trait)(void* context, struct inspector_text name);

  /* The introspection ends with this text; the hook should return after it. */
  void (*reject)(void* context, struct inspector_text why);
  void (*warn)(void* context, struct inspector_text text); /* a line in the log */
};

struct inspector_hook {
  uint32_t abi;      /* INSPECTOR_HOOK_ABI; stays the first member in every version */
  const char* name;  /* for [processing]processing_hooks; its options: [hook:NAME] */
  const char* needs; /* hooks that must stand before it, separated by commas; may be NULL */

  /* Called once, at start. `options`: a JSON object of texts, of the section. Returns what is given
   * to the others as `self`; may be NULL. When it cannot start it calls `refuse` with the reason.
   */
  void* (*create)(struct inspector_text options,
                  void (*refuse)(void* context, struct inspector_text why), void* context);
  void (*destroy)(void* self); /* at the end; may be NULL */

  /* Each may be NULL. Called by many threads at once. */
  void (*before_processing)(void* self, const struct inspector_call* call);
  void (*before_update)(void* self, const struct inspector_call* call);
};

/* The one symbol that a module exports; what it returns stays valid for ever. */
__attribute__((visibility("default"))) const struct inspector_hook* inspector_hook_entry(void);

#ifdef __cplusplus
}
#endif
#endif
