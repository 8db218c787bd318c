package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"

	"github.com/go-viper/mapstructure/v2"
)

var errTrailing = errors.New("more follows behind the object")

// validator is a configuration with rules beyond the types of its fields.
type validator interface {
	Validate() error
}

// Decode checks raw, a JSON object, against the struct that into points to and
// fills it. The struct holds the defaults; a list or map that is given replaces
// its default. After that it calls the struct's Validate method, if there is
// one. With problems in the types or keys the struct is left as it was.
func Decode(raw []byte, into any) []Problem { return DecodeFiles(raw, nil, into) }

// DecodeFiles does the same for a configuration of which some values come from
// files: files has their absolute paths by the paths of the keys. These values are
// read from the files anew, and a Secret or a Text at each use.
func DecodeFiles(raw []byte, files map[string]string, into any) []Problem {
	root, err := rootOf(into)
	if err != nil {
		return []Problem{{Message: err.Error(), Cure: "this is a mistake in the program; report it"}}
	}
	given, err := parseObject(raw)
	if err != nil {
		return []Problem{{Message: "not a JSON object: " + err.Error(), Cure: "write the configuration as a map"}}
	}
	c := checker{files: files}
	values := c.group(root, given, "")
	if len(c.problems) > 0 {
		return c.problems
	}
	if err := fill(values, into); err != nil {
		return []Problem{{Message: err.Error(), Cure: "this is a mistake in the program; report it"}}
	}
	if v, ok := into.(validator); ok {
		return problemsOf(v.Validate(), "", "")
	}
	return nil
}

func parseObject(raw []byte) (map[string]any, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return map[string]any{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	return object, nil
}

// fill lays checked values over the defaults.
func fill(values map[string]any, into any) error {
	d, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result:      into,
		TagName:     "koanf",
		DecodeHook:  mapstructure.ComposeDecodeHookFunc(replaceDefault, mapstructure.TextUnmarshallerHookFunc()),
		ErrorUnused: true,
	})
	if err != nil {
		return err
	}
	return d.Decode(values)
}

// replaceDefault empties a list or map before it is filled, which would
// otherwise keep what its default had beyond the given values.
func replaceDefault(from, to reflect.Value) (any, error) {
	if (to.Kind() == reflect.Slice || to.Kind() == reflect.Map) && to.CanSet() {
		to.SetZero()
	}
	return from.Interface(), nil
}
