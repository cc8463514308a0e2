# How everything of ours is compiled: warnings are errors, a compiler cache that also hits in another
# checkout, a fast linker, and the sanitizer that the preset asks for.
set(TOOZ_SANITIZE "" CACHE STRING "sanitizers of this build: address,undefined or thread; empty: none")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(TOOZ_SANITIZE)
  add_compile_options(-fsanitize=${TOOZ_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TOOZ_SANITIZE})
  if(TOOZ_SANITIZE MATCHES "undefined")
    # vptr wants the type information of SOCI's drivers, which are loaded at run time.
    add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=vptr)
  endif()
  if(TOOZ_SANITIZE MATCHES "address")
    add_compile_options(-Wno-maybe-uninitialized)  # g++ 12: false in the instrumented std::regex
  endif()
  if(TOOZ_SANITIZE MATCHES "thread")
    add_compile_options(-Wno-tsan)  # g++ 12: atomic_thread_fence in Asio
    add_compile_options(-Wno-maybe-uninitialized)  # g++ 12: false for std::optional<bool>
  endif()
endif()

# Our own code only; headers of libraries come in as SYSTEM.
set(TOOZ_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  -Wno-missing-field-initializers)  # a designated initialiser names what differs from the default
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  list(APPEND TOOZ_WARNINGS -Wno-maybe-uninitialized)  # g++ 12 at -O2: false ones on std::optional
endif()
if(TOOZ_FUZZ)
  list(REMOVE_ITEM TOOZ_WARNINGS -Werror)  # clang warns of other things than g++, which is what we hold to
endif()
