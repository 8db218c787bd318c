package topics

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/leat-io/leat/e2e/differential/internal/avro"
)

// registry reads schemas over Confluent's API, each once.
type registry struct {
	url    string
	prefix string
	byID   map[uint32]*avro.Schema
	byText map[string]*avro.Schema
}

// schema returns the schema of an id.
func (r *registry) schema(ctx context.Context, id uint32) (*avro.Schema, error) {
	if s := r.byID[id]; s != nil {
		return s, nil
	}
	var answer struct {
		Schema string `json:"schema"`
	}
	if _, err := r.get(ctx, fmt.Sprintf("/schemas/ids/%d", id), &answer); err != nil {
		return nil, fmt.Errorf("get schema %d: %w", id, err)
	}
	s, err := r.parse(answer.Schema)
	if err != nil {
		return nil, fmt.Errorf("get schema %d: %w", id, err)
	}
	r.byID[id] = s
	return s, nil
}

// versions returns all versions of a subject; none if the subject is not there.
func (r *registry) versions(ctx context.Context, subject string) ([]*avro.Schema, error) {
	path := "/subjects/" + url.PathEscape(subject) + "/versions"
	var numbers []int
	if found, err := r.get(ctx, path, &numbers); err != nil || !found {
		return nil, err
	}
	var out []*avro.Schema
	for _, number := range numbers {
		var answer struct {
			Schema string `json:"schema"`
		}
		if _, err := r.get(ctx, fmt.Sprintf("%s/%d", path, number), &answer); err != nil {
			return nil, fmt.Errorf("get version %d of %s: %w", number, subject, err)
		}
		s, err := r.parse(answer.Schema)
		if err != nil {
			return nil, fmt.Errorf("get version %d of %s: %w", number, subject, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// parse reads a schema with the contender's prefix replaced.
func (r *registry) parse(text string) (*avro.Schema, error) {
	text = strings.ReplaceAll(text, r.prefix, Prefix)
	if s := r.byText[text]; s != nil {
		return s, nil
	}
	s, err := avro.Parse(text)
	if err == nil {
		r.byText[text] = s
	}
	return s, err
}

// get reads JSON; false if there is nothing at the path.
func (r *registry) get(ctx context.Context, path string, answer any) (bool, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+path, http.NoBody)
	if err != nil {
		return false, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return false, err
	case response.StatusCode == http.StatusNotFound:
		return false, nil
	case response.StatusCode != http.StatusOK:
		return false, fmt.Errorf("%s answers %s: %s", path, response.Status, body)
	}
	return true, json.Unmarshal(body, answer)
}
