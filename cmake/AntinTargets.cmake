# antin_library(NAME SOURCES a.cc … [PUBLIC targets …] [PRIVATE targets …]): a static library of one folder.
# antin_test(NAME SOURCES a.cc … LINK targets … [LABELS …]): a Catch2 program registered with CTest as unit/NAME.
# unit_tests: all programs of tests with the label `unit`, without the rest.
add_custom_target(unit_tests)
function(antin_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE antin_flags ${ARG_PRIVATE})
endfunction()

function(antin_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE antin_flags antin_catch_main ${ARG_LINK})
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_dependencies(unit_tests test_${name})
  add_test(NAME unit/${name} COMMAND test_${name})
  set_tests_properties(unit/${name} PROPERTIES LABELS "unit;${ARG_LABELS}" TIMEOUT 300)
endfunction()
