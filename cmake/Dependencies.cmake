# Debian 12's packages; README names them. SOCI and ZooKeeper ship neither CMake config nor .pc file.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url program_options)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(avahi REQUIRED IMPORTED_TARGET avahi-client)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(libmariadb REQUIRED IMPORTED_TARGET libmariadb)
find_library(SOCI_CORE soci_core REQUIRED)
find_library(SOCI_SQLITE3 soci_sqlite3 REQUIRED)
find_library(SOCI_POSTGRESQL soci_postgresql REQUIRED)
find_library(SOCI_MYSQL soci_mysql REQUIRED)
find_path(SOCI_INCLUDE soci/soci.h REQUIRED)

# Drivers of the coordination library (src/tooz/drivers) that stand on a client library; file and
# memory are always there. With TOOZ_WITH_NAME=OFF the folder of that name is not compiled, and the
# library only knows the schemes that it is without. A driver is its option here, its lines below,
# and its lines in drivers/all.cc.
set(TOOZ_DRIVERS etcd postgresql mysql redis)  # the folders
foreach(driver ${TOOZ_DRIVERS})
  string(TOUPPER ${driver} upper)
  option(TOOZ_WITH_${upper} "the driver in src/tooz/drivers/${driver}" ON)
  set(TOOZ_${upper}_LIBRARIES "")
endforeach()
# tooz_driver_needs(DRIVER PACKAGE FOUND TARGET...): it links the targets; unless FOUND is true, Debian's
# PACKAGE is missing.
function(tooz_driver_needs driver package found)
  string(TOUPPER ${driver} upper)
  if(NOT found)
    message(FATAL_ERROR "The driver `${driver}` needs Debian's package ${package}; "
      "-DTOOZ_WITH_${upper}=OFF leaves the driver out")
  endif()
  set(TOOZ_${upper}_LIBRARIES ${TOOZ_${upper}_LIBRARIES} ${ARGN} PARENT_SCOPE)
endfunction()

if(TOOZ_WITH_ETCD)
  pkg_check_modules(nghttp2 QUIET IMPORTED_TARGET libnghttp2)
  tooz_driver_needs(etcd libnghttp2-dev "${nghttp2_FOUND}" PkgConfig::nghttp2)
  find_package(Protobuf QUIET)
  tooz_driver_needs(etcd "libprotobuf-dev and protobuf-compiler" "${Protobuf_FOUND}"
    protobuf::libprotobuf-lite)
endif()
if(TOOZ_WITH_POSTGRESQL)
  tooz_driver_needs(postgresql libpq-dev "${libpq_FOUND}" PkgConfig::libpq)
endif()
if(TOOZ_WITH_MYSQL)
  pkg_check_modules(libmariadb QUIET IMPORTED_TARGET libmariadb)
  tooz_driver_needs(mysql libmariadb-dev "${libmariadb_FOUND}" PkgConfig::libmariadb)
endif()
if(TOOZ_WITH_REDIS)
  pkg_check_modules(hiredis QUIET IMPORTED_TARGET hiredis)
  tooz_driver_needs(redis libhiredis-dev "${hiredis_FOUND}" PkgConfig::hiredis)
endif()

find_library(CRYPT crypt REQUIRED)
if(BUILD_TESTING)
  find_package(GTest)  # ./demo needs no tests and does not install it
  if(GTest_FOUND)
    include(GoogleTest)
  else()
    message(STATUS "GoogleTest is not installed: this build has no tests")
    set(BUILD_TESTING OFF)
  endif()
endif()

add_library(soci INTERFACE IMPORTED)
target_link_libraries(soci INTERFACE ${SOCI_SQLITE3} ${SOCI_POSTGRESQL} ${SOCI_MYSQL} ${SOCI_CORE})
target_include_directories(soci SYSTEM INTERFACE ${SOCI_INCLUDE} ${SOCI_INCLUDE}/soci)
