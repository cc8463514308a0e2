# What others build against: libtooz (with base in it), its headers, find_package(tooz) and tooz.pc.
#
# The library is static: a program that uses two drivers carries no more than those, and the client
# libraries that they stand on are named in both descriptions.
include(CMakePackageConfigHelpers)

set(objects $<TARGET_OBJECTS:tooz> $<TARGET_OBJECTS:base>)
if(TOOZ_WITH_ETCD)
  list(APPEND objects $<TARGET_OBJECTS:etcd_proto>)
endif()
add_library(tooz_package STATIC ${objects})
set_target_properties(tooz_package PROPERTIES
  OUTPUT_NAME tooz EXPORT_NAME tooz ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib LINKER_LANGUAGE CXX)
# So that `cmake --install` finds all of it where the programs are built and no more.
add_dependencies(programs tooz_package)

set(libraries boost_json ssl crypto spdlog fmt systemd pthread)
set(of_etcd nghttp2 protobuf-lite)
set(of_postgresql pq)
set(of_mysql mariadb)
set(of_redis hiredis)
set(of_zookeeper zookeeper_mt)
foreach(driver ${TOOZ_DRIVERS})
  string(TOUPPER ${driver} upper)
  if(TOOZ_WITH_${upper})
    list(APPEND libraries ${of_${driver}})
  endif()
endforeach()
set(headers ${CMAKE_INSTALL_INCLUDEDIR}/tooz-cc)
target_link_libraries(tooz_package INTERFACE ${libraries})
target_include_directories(tooz_package INTERFACE $<INSTALL_INTERFACE:${headers}>)
target_compile_features(tooz_package INTERFACE cxx_std_20)

install(TARGETS tooz_package EXPORT tooz ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libtooz)
install(EXPORT tooz NAMESPACE tooz:: FILE toozConfig.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tooz COMPONENT libtooz)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/toozConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/toozConfigVersion.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tooz COMPONENT libtooz)

list(TRANSFORM libraries PREPEND "-l" OUTPUT_VARIABLE link_words)
list(JOIN link_words " " TOOZ_LINK_WORDS)
file(RELATIVE_PATH TOOZ_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_SOURCE_DIR}/packaging/tooz.pc.in ${CMAKE_BINARY_DIR}/tooz.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/tooz.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT libtooz)

file(GLOB public_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/tooz/*.h)
install(FILES ${public_headers} DESTINATION ${headers}/tooz COMPONENT libtooz)
install(FILES ${CMAKE_SOURCE_DIR}/src/base/env.h ${CMAKE_SOURCE_DIR}/src/base/log.h DESTINATION ${headers}/base COMPONENT libtooz)

install(CODE "set(packaging \"${CMAKE_SOURCE_DIR}/packaging\")")
install(SCRIPT ${CMAKE_SOURCE_DIR}/cmake/InstallPackaging.cmake)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/inspector.conf.sample ${CMAKE_SOURCE_DIR}/packaging/inspector.conf.reference
  DESTINATION ${CMAKE_INSTALL_DATADIR}/ironic-inspector)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/packaging/rootwrap.d/ DESTINATION ${CMAKE_INSTALL_DATADIR}/ironic-inspector/rootwrap)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/sysusers.conf DESTINATION lib/sysusers.d RENAME ironic-inspector.conf)
file(GLOB manual_pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/man/*.8)
install(FILES ${manual_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
