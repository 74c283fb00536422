# Writes OUT, a C++ file with worker::http::page_html: the text of PAGE.
cmake_minimum_required(VERSION 3.25)

file(READ "${PAGE}" text)
# A string literal may be limited to 64 KiB; neighbouring ones are joined.
string(REPLACE "\n\n" "\n)page\"\nR\"page(\n" text "${text}")
file(WRITE "${OUT}" "#include \"worker/http/status_page/page.h\"\n
namespace worker::http {
const std::string_view page_html = R\"page(${text})page\";
}  // namespace worker::http\n")
