module servlets

go 1.24
