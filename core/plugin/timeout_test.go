package plugin

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestTimedOut(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want bool
	}{
		"here":       {fmt.Errorf("validate: %w", context.DeadlineExceeded), true},
		"over there": {fmt.Errorf("validate: %w", status.Error(codes.DeadlineExceeded, "late")), true},
		"cancelled":  {status.Error(codes.Canceled, "stopped"), false},
		"an error":   {errors.New("boom"), false},
		"none":       {nil, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := TimedOut(tt.err); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
