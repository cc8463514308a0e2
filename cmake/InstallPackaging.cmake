# Run by `cmake --install`: files that name where programs are, which is known only now. They are
# written for /usr.
function(install_with_prefix file folder)
  file(READ "${packaging}/${file}" text)
  string(REPLACE "/usr/bin/" "${CMAKE_INSTALL_PREFIX}/bin/" text "${text}")
  string(REPLACE "/usr/share/" "${CMAKE_INSTALL_PREFIX}/share/" text "${text}")
  get_filename_component(name "${file}" NAME)
  set(path "${CMAKE_INSTALL_PREFIX}/${folder}/${name}")
  message(STATUS "Installing: $ENV{DESTDIR}${path}")
  file(WRITE "$ENV{DESTDIR}${path}" "${text}")
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${path}")
  set(CMAKE_INSTALL_MANIFEST_FILES "${CMAKE_INSTALL_MANIFEST_FILES}" PARENT_SCOPE)
endfunction()

foreach(unit ironic-inspector ironic-inspector-conductor ironic-inspector-api)
  install_with_prefix(systemd/${unit}.service lib/systemd/system)
endforeach()
install_with_prefix(rootwrap.conf share/ironic-inspector)
install_with_prefix(sudoers share/ironic-inspector)
