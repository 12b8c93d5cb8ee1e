// A servlet in Go as a command: main returns and exits before an export is called.
package main

import (
	"strconv"

	"servlets/host"
)

var started = 0

func main() { started++ }

//go:wasmexport describe
func describe() int32 {
	return host.Output(`{"tools":[{"name":"started","description":"How often main has run."}]}`)
}

//go:wasmexport call
func call() int32 {
	return host.Output(`{"content":[{"type":"text","text":"` + strconv.Itoa(started) + `"}]}`)
}
