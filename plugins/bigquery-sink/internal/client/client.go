// Package client makes Google's clients of BigQuery: that of the REST API, which
// knows tables, and that of the Storage Write API, which takes rows.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"github.com/googleapis/gax-go/v2"
	"google.golang.org/api/option"
	htransport "google.golang.org/api/transport/http"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// Settings say how to reach BigQuery, and as whom.
type Settings struct {
	Project string
	// File or JSON of the credentials, which New reads; without both those of the
	// environment count.
	File string
	JSON config.Secret
	// REST and GRPC are addresses other than Google's; Insecure ones have neither
	// encryption nor authentication.
	REST, GRPC string
	Insecure   bool
	// Connections that all tables share.
	Connections int
}

// Clients are connected when they are first used.
type Clients struct {
	REST  *bigquery.Client
	Write *managedwriter.Client

	transport *http.Transport // of REST, which does not close what is idle
}

// connectParams are gRPC's own but for the longest pause between attempts to connect, of 2 minutes.
var connectParams = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: time.Second, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 3 * time.Second},
	MinConnectTimeout: 20 * time.Second,
}

// New makes the clients. The context ends what the Storage Write API has under
// way, so it must live as long as the clients.
func New(ctx context.Context, s Settings) (*Clients, error) {
	auth, err := s.authentication()
	if err != nil {
		return nil, sdk.Permanent(err)
	}
	c := &Clients{}
	if err := c.openREST(ctx, &s, auth); err != nil {
		return nil, sdk.Permanent(fmt.Errorf("make client of the REST API: %w: correct credentials_file or credentials_json", err))
	}
	write := slices.Concat(auth, []option.ClientOption{
		managedwriter.WithMultiplexing(), managedwriter.WithMultiplexPoolLimit(s.Connections),
		// A connection is made as soon as the service can be reached again, and that is tried every few seconds.
		managedwriter.WithDefaultAppendRowsCallOption(gax.WithGRPCOptions(grpc.WaitForReady(true))),
		option.WithGRPCDialOption(grpc.WithConnectParams(connectParams)),
	})
	if s.GRPC != "" {
		write = append(write, option.WithEndpoint(s.GRPC))
	}
	if s.Insecure {
		write = append(write, option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())))
	}
	if c.Write, err = managedwriter.NewClient(ctx, s.Project, write...); err != nil {
		return nil, errors.Join(sdk.Permanent(fmt.Errorf("make client of the Storage Write API: %w: correct credentials_file or credentials_json", err)), c.REST.Close())
	}
	return c, nil
}

func (c *Clients) openREST(ctx context.Context, s *Settings, auth []option.ClientOption) error {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return errors.New("the default transport is not net/http's")
	}
	c.transport = base.Clone()
	transport, err := htransport.NewTransport(ctx, c.transport, slices.Concat(auth, []option.ClientOption{option.WithScopes(bigquery.Scope)})...)
	if err != nil {
		return err
	}
	opts := []option.ClientOption{option.WithHTTPClient(&http.Client{Transport: onceTransport{transport}})}
	if s.REST != "" {
		opts = append(opts, option.WithEndpoint(s.REST))
	}
	c.REST, err = bigquery.NewClient(ctx, s.Project, opts...)
	return err
}

// Close ends the connections.
func (c *Clients) Close() error {
	err := c.Write.Close()
	if errors.Is(err, io.EOF) { // it says so where a stream ended well
		err = nil
	}
	err = errors.Join(err, c.REST.Close())
	c.transport.CloseIdleConnections()
	return err
}

func (s *Settings) authentication() ([]option.ClientOption, error) {
	if s.Insecure {
		return []option.ClientOption{option.WithoutAuthentication()}, nil
	}
	text, from, err := s.credentials()
	if err != nil || len(text) == 0 {
		return nil, err
	}
	kind, err := kindOf(text)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", from, err)
	}
	return []option.ClientOption{option.WithAuthCredentialsJSON(kind, text)}, nil
}

func (s *Settings) credentials() (text []byte, from string, err error) {
	if s.File != "" {
		if text, err = os.ReadFile(s.File); err != nil {
			err = fmt.Errorf("read credentials_file: %w", err)
		}
		return text, "credentials_file", err
	}
	secret, err := s.JSON.Reveal()
	return []byte(secret), "credentials_json", err
}

var errCredentials = errors.New("is not a key of a service account, or other credentials that gcloud makes, in JSON")

// kindOf reads which kind of credentials a JSON file has.
func kindOf(text []byte) (option.CredentialsType, error) {
	var file struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(text, &file); err != nil || file.Type == "" {
		return option.CredentialsType(""), errCredentials // the text is secret, and so is what is wrong with it
	}
	return option.CredentialsType(file.Type), nil
}
