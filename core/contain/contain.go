// Package contain keeps a panic within the pipeline whose code it happens in: it
// becomes an error, and the other pipelines of the host go on.
package contain

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// Panic is a panic that was contained.
type Panic struct {
	// Value is what was panicked with, Stack that of the goroutine.
	Value any
	Stack []byte
}

// Error tells the value; the stack is for the log.
func (p *Panic) Error() string {
	return fmt.Sprintf("leat has a bug: panic: %v; please report it with the stack in the log", p.Value)
}

// Call calls f, and returns its error, or its panic as a *Panic. One that was
// contained before keeps its stack.
func Call(f func() error) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case *Panic:
			err = v
		default:
			err = &Panic{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}

// Is says whether err is, or wraps, a panic.
func Is(err error) bool {
	_, is := errors.AsType[*Panic](err)
	return is
}
