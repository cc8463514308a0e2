# One folder, one target. Every *.cc in the folder belongs to its library; *_test.cc beside it to the
# folder's test program; *_server_test.cc to a second one, whose tests start real servers.

# tooz_folder(NAME [DEPENDS target...] [LIBRARIES external...] [TEST_DEPENDS target...]
#             [EXCLUDE regex]): what matches `regex` is left out, with its tests.
function(tooz_folder name)
  cmake_parse_arguments(ARG "" "EXCLUDE" "DEPENDS;LIBRARIES;TEST_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  if(ARG_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${ARG_EXCLUDE}")
  endif()
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(support ${sources})
  list(FILTER support INCLUDE REGEX "/testing/|/conformance/")
  list(FILTER support EXCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/testing/|/conformance/")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_compile_options(${name} PRIVATE ${TOOZ_WARNINGS})
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_LIBRARIES})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS})
  endif()

  if(BUILD_TESTING AND tests)
    set(server_tests ${tests})
    list(FILTER server_tests INCLUDE REGEX "_server_test\\.cc$")
    list(FILTER tests EXCLUDE REGEX "_server_test\\.cc$")
    if(tests)
      tooz_test_program(${name}_test LABEL quick SOURCES ${tests} ${support}
        LIBRARIES ${name} ${ARG_LIBRARIES} ${ARG_TEST_DEPENDS})
    endif()
    if(server_tests)
      tooz_test_program(${name}_server_test LABEL server SOURCES ${server_tests} ${support}
        LIBRARIES ${name} ${ARG_LIBRARIES} ${ARG_TEST_DEPENDS})
    endif()
  endif()
endfunction()

# tooz_test_program(NAME LABEL quick|server|e2e [SERIAL] SOURCES ... LIBRARIES ...)
# SERIAL: no other test runs beside one of these; each may take an hour.
function(tooz_test_program name)
  cmake_parse_arguments(ARG "SERIAL" "LABEL" "SOURCES;LIBRARIES" ${ARGN})
  set(run_alone FALSE)
  set(limit 600)
  if(ARG_SERIAL)
    set(run_alone TRUE)
    set(limit 3600)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(${name} PRIVATE ${TOOZ_WARNINGS})
  target_compile_definitions(${name} PRIVATE
    TOOZ_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TOOZ_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${limit} RUN_SERIAL ${run_alone})
endfunction()
