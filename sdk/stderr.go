package sdk

import (
	"context"
	"os"
	"sync"

	"google.golang.org/grpc"
)

// stderr is the standard error output of the process. go-plugin puts a pipe of its
// own into os.Stderr when it serves.
var stderr = os.Stderr

// keepStderr gives the code of the plugin the process's standard error output back
// at the first call. What go-plugin's pipe still holds when the process ends would be
// lost, and with it why it ended.
func keepStderr() grpc.ServerOption {
	var once sync.Once
	return grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
		once.Do(func() { os.Stderr = stderr })
		return handle(ctx, req)
	})
}
