# `cmake --install`: programs (in their folders' CMakeLists), units, users, documents.
foreach(unit antind.service antin-authority.service antin-verify.service antin-verify.timer)
  configure_file(${PROJECT_SOURCE_DIR}/scripts/package/${unit} ${PROJECT_BINARY_DIR}/package/${unit} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/package/${unit} DESTINATION lib/systemd/system)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/scripts/package/antin.sysusers DESTINATION lib/sysusers.d RENAME antin.conf)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/docs/api.md ${PROJECT_SOURCE_DIR}/schemas/openapi.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR})
