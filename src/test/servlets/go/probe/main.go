// A servlet in Go as a reactor, with a tool for each thing that a host lends.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"servlets/host"
)

type request struct {
	Params struct {
		Name      string
		Arguments struct{ Text, URL string }
	}
}

type tool struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	InputSchema map[string]any `json:"inputSchema"`
}

type content struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

var tools = map[string]func(text, url string) (string, error){
	"echo": echo, "get": get, "vars": vars, "logs": logs, "fail": fail, "crash": crash, "work": work,
}

// initialized is set by what must have run before an export does.
var initialized bool

func init() { initialized = true }

func main() {}

//go:wasmexport describe
func describe() int32 {
	described := []tool{}
	for name := range tools {
		described = append(described, tool{name, "Probes its host.", map[string]any{"type": "object",
			"properties": map[string]any{"text": map[string]any{"type": "string"}}}})
	}
	return answer(map[string]any{"tools": described})
}

//go:wasmexport call
func call() int32 {
	var wanted request
	if err := json.Unmarshal(host.Input(), &wanted); err != nil {
		return host.Fail(err.Error())
	}
	text, err := tools[wanted.Params.Name](wanted.Params.Arguments.Text, wanted.Params.Arguments.URL)
	if err != nil {
		return host.Fail(err.Error())
	}
	return answer(map[string]any{"content": []content{{"text", text}}})
}

func answer(value any) int32 {
	written, err := json.Marshal(value)
	if err != nil {
		return host.Fail(err.Error())
	}
	return host.Output(string(written))
}

// echo is the text, its length in characters, a setting that is there and one that is not.
func echo(text, _ string) (string, error) {
	greeting, there := host.Config("greeting")
	_, other := host.Config("other")
	return fmt.Sprintf("%s %s %d %t %t", greeting, text, len([]rune(text)), there, other), nil
}

func get(text, url string) (string, error) {
	meta, err := json.Marshal(map[string]any{
		"method": "POST", "url": url, "headers": map[string]string{"X-Probe": text}})
	if err != nil {
		return "", err
	}
	status, headers, body := host.Request(meta, []byte(text))
	var fields map[string]string
	if err := json.Unmarshal(headers, &fields); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d %s %s", status, fields["x-answer"], body), nil
}

func vars(text, _ string) (string, error) {
	_, before := host.Var("kept")
	host.SetVar("kept", text)
	kept, _ := host.Var("kept")
	host.DropVar("kept")
	_, after := host.Var("kept")
	return fmt.Sprintf("%t %s %t", before, kept, after), nil
}

func logs(text, _ string) (string, error) {
	for level := range 5 {
		host.Log(level, text)
	}
	fmt.Println("printed", text)
	fmt.Fprintln(os.Stderr, "complained", text)
	return fmt.Sprint(host.LogLevel()), nil
}

func fail(text, _ string) (string, error) {
	return "", fmt.Errorf("no %s today", text)
}

func crash(text, _ string) (string, error) {
	panic("asked to crash: " + text)
}

// work is what needs the runtime: goroutines, timers, clocks, and garbage that is collected.
func work(_, _ string) (string, error) {
	sums := make(chan int)
	for i := range 10 {
		go func() {
			time.Sleep(time.Millisecond)
			made := map[int][]byte{}
			for j := range 100 {
				made[j] = make([]byte, 10_000)
			}
			sums <- i + len(made)
		}()
	}
	sum := 0
	for range 10 {
		sum += <-sums
	}
	return fmt.Sprintf("%d %t %t %d %d", sum, initialized, time.Now().Year() > 2024, len(os.Args),
		len(os.Environ())), nil
}
