package sdk_test

import (
	"fmt"
	"log"
)

// example stands for the *testing.T of a test.
type example struct{ cleanups []func() }

func (e *example) Helper()                           {}
func (e *example) Cleanup(f func())                  { e.cleanups = append(e.cleanups, f) }
func (e *example) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
func (e *example) Fatal(args ...any)                 { log.Panic(args...) }
func (e *example) Fatalf(format string, args ...any) { log.Panicf(format, args...) }

// end does what the end of a test does.
func (e *example) end() {
	for _, f := range e.cleanups {
		f()
	}
}
