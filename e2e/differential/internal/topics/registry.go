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
	text := ""
	_, err := r.get(ctx, fmt.Sprintf("/schemas/ids/%d", id), &answer)
	if text = answer.Schema; err != nil {
		// Names that are not quite Avro's are stored, but served as they are only.
		if text, err = r.stored(ctx, id); err != nil {
			return nil, fmt.Errorf("get schema %d: %w", id, err)
		}
	}
	s, err := r.parse(text)
	if err != nil {
		return nil, fmt.Errorf("get schema %d: %w", id, err)
	}
	r.byID[id] = s
	return s, nil
}

// stored returns the text of a schema over the registry's own API.
func (r *registry) stored(ctx context.Context, id uint32) (string, error) {
	root, _, _ := strings.Cut(r.url, "/apis/")
	_, body, err := read(ctx, fmt.Sprintf("%s/apis/registry/v2/ids/contentIds/%d", root, id))
	return string(body), err
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
	found, body, err := read(ctx, r.url+path)
	if err != nil || !found {
		return found, err
	}
	return true, json.Unmarshal(body, answer)
}

// read returns what is at a URL; false if there is nothing.
func read(ctx context.Context, url string) (bool, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false, nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return false, nil, err
	case response.StatusCode == http.StatusNotFound:
		return false, nil, nil
	case response.StatusCode != http.StatusOK:
		return false, nil, fmt.Errorf("%s answers %s: %s", url, response.Status, body)
	}
	return true, body, nil
}
