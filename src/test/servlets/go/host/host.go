// Package host is what an Extism host lends to a servlet. Bytes pass in blocks, which the host
// counts in bytes; the block 0 is none.
package host

import "encoding/binary"

// Input is what the servlet was called with.
func Input() []byte {
	return read(inputLength(), inputLoadU8, inputLoadU64)
}

// Output answers the call, and is the code that an export returns with it.
func Output(text string) int32 {
	outputSet(put([]byte(text)), uint64(len(text)))
	return 0
}

// Fail ends the call with a sentence for the model, and is the code that goes with it.
func Fail(sentence string) int32 {
	errorSet(put([]byte(sentence)))
	return 1
}

// Config is a setting of the installation, and whether it has one.
func Config(key string) (string, bool) {
	block := configGet(put([]byte(key)))
	return string(take(block)), block != 0
}

// Var is a variable of this call, and whether there is one.
func Var(key string) (string, bool) {
	block := varGet(put([]byte(key)))
	return string(take(block)), block != 0
}

// SetVar keeps a variable.
func SetVar(key, value string) {
	varSet(put([]byte(key)), put([]byte(value)))
}

// DropVar forgets a variable.
func DropVar(key string) {
	varSet(put([]byte(key)), 0)
}

// Request makes an HTTP request, which it is given as JSON, and returns the status, the header
// fields as JSON, and the body.
func Request(request, body []byte) (uint32, []byte, []byte) {
	answer := take(httpRequest(put(request), put(body)))
	return httpStatusCode(), take(httpHeaders()), answer
}

// LogLevel is the number of the lowest level that is worth logging, from 0 for trace to 4.
func LogLevel() uint32 {
	return getLogLevel()
}

// Log writes a line at a level from 0 for trace to 4 for error.
func Log(level int, line string) {
	logs := []func(uint64){logTrace, logDebug, logInfo, logWarn, logError}
	logs[level](put([]byte(line)))
}

func put(data []byte) uint64 {
	block := alloc(uint64(len(data)))
	i := 0
	for ; i+8 <= len(data); i += 8 {
		storeU64(block+uint64(i), binary.LittleEndian.Uint64(data[i:]))
	}
	for ; i < len(data); i++ {
		storeU8(block+uint64(i), uint32(data[i]))
	}
	return block
}

func take(block uint64) []byte {
	data := read(length(block), func(i uint64) uint32 { return loadU8(block + i) },
		func(i uint64) uint64 { return loadU64(block + i) })
	free(block)
	return data
}

func read(length uint64, one func(uint64) uint32, eight func(uint64) uint64) []byte {
	data := make([]byte, length)
	i := uint64(0)
	for ; i+8 <= length; i += 8 {
		binary.LittleEndian.PutUint64(data[i:], eight(i))
	}
	for ; i < length; i++ {
		data[i] = byte(one(i))
	}
	return data
}
