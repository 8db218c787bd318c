package servers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// EnvConnect gives the tests a Kafka Connect worker that already runs, as the root of its REST
// API. It must have Debezium and the converter, and use the Kafka and the registry given beside it.
const EnvConnect = "LEAT_E2E_CONNECT"

// ConnectServer is a Kafka Connect worker that has Debezium's MySQL connector and an Avro
// converter, the peer that leat is held against.
type ConnectServer struct {
	*Process
	// URL is the root of its REST API, without a slash at its end.
	URL string
}

// ErrConnectorFailed is wrapped by the error of a connector that has stopped by itself.
var ErrConnectorFailed = errors.New("connector failed")

// Connect starts a worker without connectors that writes to Kafka with schemas in the registry,
// or takes the one that EnvConnect names. Options.Flags are lines of its worker.properties.
func Connect(ctx context.Context, kafka *KafkaServer, registry *RegistryServer, opts Options) (*ConnectServer, error) {
	if url := os.Getenv(EnvConnect); url != "" {
		return externalConnect(ctx, strings.TrimRight(url, "/"), opts)
	}
	root, ok := strings.CutSuffix(registry.URL, ccompat)
	if !ok {
		return nil, fmt.Errorf("start connect: the registry %s is not Apicurio's, whose converter it has: unset %s", registry.URL, EnvRegistry)
	}
	opts.Flags = append([]string{kafka.Bootstrap, root}, opts.Flags...)
	ready := func(ctx context.Context, port int) error {
		return (&ConnectServer{URL: connectURL(port)}).ping(ctx)
	}
	process, err := launch(ctx, recipe{service: "connect", ports: 1, ready: ready}, opts)
	if err != nil {
		return nil, err
	}
	return &ConnectServer{Process: process, URL: connectURL(process.port())}, nil
}

func externalConnect(ctx context.Context, root string, opts Options) (*ConnectServer, error) {
	if err := unconfigurable("connect", EnvConnect, opts); err != nil {
		return nil, err
	}
	s := &ConnectServer{Process: &Process{service: "connect", external: EnvConnect}, URL: root}
	if err := s.ping(ctx); err != nil {
		return nil, fmt.Errorf("use %s: %w", EnvConnect, err)
	}
	return s, nil
}

// ccompat is where Apicurio serves Confluent's API.
const ccompat = "/apis/ccompat/v7"

func connectURL(port int) string { return "http://" + loopback(port) }

func (s *ConnectServer) ping(ctx context.Context) error {
	return s.call(ctx, http.MethodGet, "/connectors", nil, nil)
}

// Create makes a connector, or gives the one of that name another configuration.
func (s *ConnectServer) Create(ctx context.Context, name string, config map[string]string) error {
	if err := s.call(ctx, http.MethodPut, connector(name)+"/config", config, nil); err != nil {
		return fmt.Errorf("create connector %s: %w", name, err)
	}
	return nil
}

// Check returns an error that wraps ErrConnectorFailed, with the reason, once the connector or
// its task has failed.
func (s *ConnectServer) Check(ctx context.Context, name string) error {
	type state struct {
		State string `json:"state"`
		Trace string `json:"trace"`
	}
	var answer struct {
		Connector state   `json:"connector"`
		Tasks     []state `json:"tasks"`
	}
	if err := s.call(ctx, http.MethodGet, connector(name)+"/status", nil, &answer); err != nil {
		return fmt.Errorf("check connector %s: %w", name, err)
	}
	for _, part := range append(answer.Tasks, answer.Connector) {
		if part.State == "FAILED" {
			return fmt.Errorf("check connector %s: %w: %s", name, ErrConnectorFailed, part.Trace)
		}
	}
	return nil
}

// Delete ends a connector; all that it has read is in Kafka then.
func (s *ConnectServer) Delete(ctx context.Context, name string) error {
	if err := s.call(ctx, http.MethodDelete, connector(name), nil, nil); err != nil {
		return fmt.Errorf("delete connector %s: %w", name, err)
	}
	return nil
}

func connector(name string) string { return "/connectors/" + url.PathEscape(name) }

// call sends body as JSON, if there is one, and reads the answer into answer, if there is one.
func (s *ConnectServer) call(ctx context.Context, method, path string, body, answer any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, s.URL+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	// No connection is kept: the servers of a test come and go.
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s answers %s: %s", method, path, response.Status, content)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(content, answer)
}
