#pragma once
#define PY_SSIZE_T_CLEAN
#include <Python.h>
//
#include <utility>

namespace wsgi {

/// An owned reference to an object of Python's; only with the interpreter's lock.
class Ref {
 public:
  explicit Ref(PyObject* owned = nullptr) noexcept : object_(owned) {}
  Ref(Ref&& from) noexcept : object_(std::exchange(from.object_, nullptr)) {}
  Ref& operator=(Ref&& from) noexcept {
    std::swap(object_, from.object_);
    return *this;
  }
  ~Ref() { Py_XDECREF(object_); }

  explicit operator bool() const noexcept { return object_ != nullptr; }
  PyObject* get() const noexcept { return object_; }
  PyObject* release() noexcept { return std::exchange(object_, nullptr); }

 private:
  PyObject* object_;
};

}  // namespace wsgi
