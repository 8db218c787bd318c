package sdk

import (
	"errors"
	"fmt"
	"testing"
)

func TestIsTransient(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	tests := map[string]struct {
		err  error
		want bool
	}{
		"without a mark":           {cause, true},
		"Transient":                {Transient(cause), true},
		"Permanent":                {Permanent(cause), false},
		"Superseded":               {Superseded(cause), false},
		"wrapped":                  {fmt.Errorf("open: %w", Permanent(cause)), false},
		"the outermost mark":       {Transient(fmt.Errorf("open: %w", Permanent(cause))), true},
		"the first of joined ones": {errors.Join(Permanent(cause), Transient(cause)), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := IsTransient(tt.err); got != tt.want {
				t.Errorf("got %v", got)
			}
			if !errors.Is(tt.err, cause) {
				t.Error("the cause is lost")
			}
		})
	}
	if !IsSuperseded(fmt.Errorf("write: %w", Superseded(cause))) || IsSuperseded(Permanent(cause)) {
		t.Error("superseded and permanent are not told apart")
	}
	if Transient(nil) != nil || Permanent(nil) != nil || Superseded(nil) != nil {
		t.Error("no error became one")
	}
}
