package contain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/leat-io/leat/core/contain"
)

func TestCall(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		if err := contain.Call(func() error { return nil }); err != nil {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the error is returned", func(t *testing.T) {
		t.Parallel()
		if err := contain.Call(func() error { return cause }); !errors.Is(err, cause) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("Panic", func(t *testing.T) {
		t.Parallel()
		p, ok := errors.AsType[*contain.Panic](contain.Call(explode))
		if !ok || p.Value != "boom" || !strings.Contains(p.Error(), "panic: boom") {
			t.Fatalf("got %v", p)
		}
		if !strings.Contains(string(p.Stack), "contain_test.explode") {
			t.Errorf("the stack does not lead to the cause:\n%s", p.Stack)
		}
	})
}

func TestAPanicThatWasContainedBefore(t *testing.T) {
	t.Parallel()
	first := contain.Call(explode)
	again := contain.Call(func() error { panic(first) })
	if !errors.Is(again, first) || !contain.Is(fmt.Errorf("sink a: %w", again)) {
		t.Errorf("got %v", again)
	}
	if contain.Is(errors.New("boom")) || contain.Is(nil) {
		t.Error("another error is taken for a panic")
	}
}

func explode() error { panic("boom") }
