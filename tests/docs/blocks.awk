# The code blocks of a Markdown file. Without more arguments a line for each: number, line in the file, section,
# language, first line; separated by tabs. With -v want=NUMBER that block's lines.
# An indented block has the language `indented`. Sections are named by their headings, the inner one alone.
function begin(what) { ++number; at = NR; language = what; lines = ""; first = "" }
function add(line) {
  if (want == number) print line
  if (first == "" && line !~ /^ *$/) first = line
}
function end() {
  if (want == "") printf "%d\t%d\t%s\t%s\t%s\n", number, at, section, language, first
  language = ""
}
/^ *```/ {
  if (language == "indented") end()
  if (language == "") {
    indent = match($0, /`/) - 1
    what = $0
    sub(/^ *```/, "", what)
    begin(what == "" ? "none" : what)
  } else end()
  next
}
language == "indented" && !/^(    |$)/ { end() }
language != "" { add(substr($0, (language == "indented" ? 4 : indent) + 1)); next }
/^#+ / { section = $0; sub(/^#+ /, "", section); blank = 1; next }
/^    / && blank { begin("indented"); add(substr($0, 5)); next }
{ blank = /^ *$/ }
END { if (language != "") end() }
