// The extension module ironic_inspector.native: one type, Application. All that is kept belongs to
// an interpreter or to an Application, nothing to the process but the log.
#include "wsgi/python.h"
//
#include "wsgi/answer.h"
#include "wsgi/body.h"
#include "wsgi/environ.h"
#include "wsgi/service.h"
#include "wsgi/signals_blocked.h"

namespace wsgi {
namespace {

struct Application {
  PyObject_HEAD Service* service;
  PyObject* read_chunk;  ///< nullptr: none
};

Application& self(PyObject* object) { return *reinterpret_cast<Application*>(object); }

/// Runs `body` without the interpreter's lock, so that others run meanwhile. `body` must not touch
/// Python. Not a guard: taking the lock again ends the thread when the interpreter is going away,
/// which no destructor may do.
template <class Body>
void unlocked(const Body& body) {
  static_assert(noexcept(body()));
  PyThreadState* saved = PyEval_SaveThread();
  {
    const SignalsBlocked signals;
    body();
  }
  PyEval_RestoreThread(saved);
}

bool get_names(PyObject* list, std::vector<std::string>& out) {
  const Ref items(PySequence_Fast(list, "names of files are expected"));
  if (!items) return false;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.get()); ++i) {
    PyObject* path = nullptr;
    if (PyUnicode_FSConverter(PySequence_Fast_GET_ITEM(items.get(), i), &path) == 0) return false;
    const Ref owned(path);
    out.emplace_back(PyBytes_AS_STRING(path));
  }
  return true;
}

PyObject* create(PyTypeObject* type, PyObject* arguments, PyObject* keywords) {
  PyObject *files = nullptr, *dirs = nullptr, *read_chunk = Py_None;
  static const char* const kNames[] = {"config_files", "config_dirs", "read_chunk", nullptr};
  if (PyArg_ParseTupleAndKeywords(arguments, keywords, "OO|O", const_cast<char**>(kNames), &files,
                                  &dirs, &read_chunk) == 0)
    return nullptr;
  inspector::CommandLine line;
  if (!get_names(files, line.config_files) || !get_names(dirs, line.config_dirs)) return nullptr;
  Ref object(type->tp_alloc(type, 0));
  if (!object) return nullptr;
  try {
    self(object.get()).service = std::make_unique<Service>(line).release();
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
    return nullptr;
  }
  if (read_chunk != Py_None) self(object.get()).read_chunk = Py_NewRef(read_chunk);
  return object.release();
}

void destroy(PyObject* object) {
  Application& application = self(object);
  if (application.service != nullptr)
    unlocked([&application]() noexcept { delete application.service; });
  Py_XDECREF(application.read_chunk);
  PyTypeObject* type = Py_TYPE(object);
  type->tp_free(object);
  Py_DECREF(type);
}

PyObject* answer(Application& application, PyObject* dict, PyObject* start_response) {
  Service& service = *application.service;
  Environ given;
  if (!read_environ(dict, service.script_name(), given)) return nullptr;
  http::Request& request = given.request;
  Body body(service.bodies());
  if (!read_body(given, application.read_chunk, service, body)) return nullptr;
  const bool head_only = request.method == "HEAD";
  if (body.refusal) return give_answer(*body.refusal, head_only, start_response);
  request.body = std::move(body.text);
  http::Response response;
  unlocked([&]() noexcept { response = service.answer(request); });
  return give_answer(response, head_only, start_response);
}

PyObject* call(PyObject* object, PyObject* arguments, PyObject* keywords) {
  PyObject *dict = nullptr, *start_response = nullptr;
  static const char* const kNames[] = {"environ", "start_response", nullptr};
  if (PyArg_ParseTupleAndKeywords(arguments, keywords, "OO", const_cast<char**>(kNames), &dict,
                                  &start_response) == 0)
    return nullptr;
  try {
    return answer(self(object), dict, start_response);
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
    return nullptr;
  }
}

PyObject* pause(PyObject* object, PyObject*) {
  unlocked([&]() noexcept { self(object).service->pause(); });
  Py_RETURN_NONE;
}

PyObject* resume(PyObject* object, PyObject*) {
  self(object).service->resume();
  Py_RETURN_NONE;
}

PyObject* close(PyObject* object, PyObject*) {
  unlocked([&]() noexcept { self(object).service->close(); });
  Py_RETURN_NONE;
}

PyMethodDef methods[] = {
    {"pause", pause, METH_NOARGS,
     "For a process that is about to fork: waits for the requests under way, gives connections and "
     "threads back, and lets new requests wait."},
    {"resume", resume, METH_NOARGS,
     "For the parent, when it has forked: requests are answered again."},
    {"close", close, METH_NOARGS,
     "For a process that is about to end: cancels what is under way, gives everything back. What "
     "is asked later is answered 503."},
    {nullptr, nullptr, 0, nullptr}};

char documentation[] =
    "Application(config_files, config_dirs, read_chunk=None)\n--\n\n"
    "The HTTP API of the inspector as a WSGI application. Without files or directories, those "
    "found by default. Raises RuntimeError when the configuration cannot be used.";

PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(create)},
                       {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
                       {Py_tp_call, reinterpret_cast<void*>(call)},
                       {Py_tp_methods, methods},
                       {Py_tp_doc, documentation},
                       {0, nullptr}};

PyType_Spec application = {.name = "ironic_inspector.native.Application",
                           .basicsize = sizeof(Application),
                           .itemsize = 0,
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
                           .slots = slots};

int execute(PyObject* module) {
  const Ref type(PyType_FromModuleAndSpec(module, &application, nullptr));
  if (!type) return -1;
  return PyModule_AddType(module, reinterpret_cast<PyTypeObject*>(type.get()));
}

PyModuleDef_Slot module_slots[] = {{Py_mod_exec, reinterpret_cast<void*>(execute)}, {0, nullptr}};

PyModuleDef definition = {.m_base = PyModuleDef_HEAD_INIT,
                          .m_name = "ironic_inspector.native",
                          .m_doc = "The inspector's HTTP API, which is written in C++.",
                          .m_size = 0,
                          .m_slots = module_slots};

}  // namespace
}  // namespace wsgi

PyMODINIT_FUNC PyInit_native() { return PyModuleDef_Init(&wsgi::definition); }
