//go:build e2e

package main

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(serverless{m}) }

// serverless ends the server that the tests share before goroutines are counted.
type serverless struct{ *testing.M }

func (m serverless) Run() int {
	code := m.M.Run()
	server, err := shared()
	if err == nil {
		err = server.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}
