package servers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// EnvRegistry gives the tests a schema registry that already runs, as the root of Confluent's API.
const EnvRegistry = "LEAT_E2E_REGISTRY"

// RegistryServer is a schema registry that speaks Confluent's REST API and keeps nothing on disk:
// a restart empties it.
type RegistryServer struct {
	*Process
	// URL is the root of Confluent's API, without a slash at its end.
	URL string
}

// Registry starts an empty registry, or takes the one that EnvRegistry names. Either way its
// global compatibility is BACKWARD, which is Confluent's default and not every registry's.
func Registry(ctx context.Context, opts Options) (*RegistryServer, error) {
	if url := os.Getenv(EnvRegistry); url != "" {
		return externalRegistry(ctx, strings.TrimRight(url, "/"), opts)
	}
	ready := func(ctx context.Context, port int) error { return setBackward(ctx, registryURL(port)) }
	process, err := launch(ctx, recipe{service: "registry", ports: 1, ready: ready}, opts)
	if err != nil {
		return nil, err
	}
	return &RegistryServer{Process: process, URL: registryURL(process.port())}, nil
}

func externalRegistry(ctx context.Context, url string, opts Options) (*RegistryServer, error) {
	if err := unconfigurable("registry", EnvRegistry, opts); err != nil {
		return nil, err
	}
	if err := setBackward(ctx, url); err != nil {
		return nil, fmt.Errorf("use %s: %w", EnvRegistry, err)
	}
	return &RegistryServer{Process: &Process{service: "registry", external: EnvRegistry}, URL: url}, nil
}

// setBackward sets the global compatibility, and so tells whether the registry answers.
func setBackward(ctx context.Context, url string) error {
	body := strings.NewReader(`{"compatibility":"BACKWARD"}`)
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, url+"/config", body)
	if err != nil {
		return fmt.Errorf("set compatibility: %w", err)
	}
	request.Header.Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	// No connection is kept: the servers of a test come and go.
	request.Close = true
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("set compatibility: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
		return fmt.Errorf("set compatibility: %s answers %s: %s", request.URL, answer.Status, text)
	}
	return nil
}

func registryURL(port int) string { return "http://" + loopback(port) + "/apis/ccompat/v7" }
