# Writes OUT, a C++ file with one queue::Script a move: its name, its text, the SHA-1 of that. A move's text is
# parts/keys.lua, the parts that its first line names (`-- needs: lines progress`), each behind those that it needs
# itself and once only, then the move.
cmake_minimum_required(VERSION 3.25)

# Appends to `text` what the file needs and was not yet `included`, then the file.
macro(append_with_needs path)
  file(READ "${path}" lua_of_${path})
  if(lua_of_${path} MATCHES "^-- needs: ([a-z ]+)\n")
    string(REPLACE " " ";" needs_of_${path} "${CMAKE_MATCH_1}")
    foreach(part IN LISTS needs_of_${path})
      if(NOT part IN_LIST included)
        list(APPEND included ${part})
        append_with_needs("${PARTS}/${part}.lua")
      endif()
    endforeach()
  endif()
  string(APPEND text "${lua_of_${path}}\n")
endmacro()

set(code "#include \"queue/scripts.h\"\n\nnamespace queue::scripts {\n")
foreach(script IN LISTS SCRIPTS)
  get_filename_component(name "${script}" NAME_WE)
  set(included keys)
  file(READ "${PARTS}/keys.lua" text)
  append_with_needs("${script}")
  string(SHA1 digest "${text}")
  string(APPEND code "\nconst Script ${name}{\n\"${name}\", \"${digest}\",\nR\"lua(${text})lua\"};\n")
endforeach()
string(APPEND code "\n}  // namespace queue::scripts\n")
file(WRITE "${OUT}" "${code}")
