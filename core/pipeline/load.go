package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/leat-io/leat/sdk/config"
)

// File is a pipeline file that was read without fault.
type File struct {
	// Path as it was given to Load.
	Path       string
	Definition *Definition

	root *yaml.Node
	refs references
}

// Lookup finds an environment variable, as os.LookupEnv does.
type Lookup func(name string) (string, bool)

// Load reads a file and expands its references from the environment. The error
// is Problems, all of the file's at once.
func Load(path string) (*File, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, Problems{{Position: Position{File: path}, Message: "cannot be read: " + reason(err), Cure: "name a pipeline file that exists"}}
	}
	return Parse(path, raw, os.LookupEnv)
}

// LoadAll reads several files, which must define pipelines of different names.
// The error is the Problems of all files.
func LoadAll(paths []string) ([]*File, error) {
	var problems Problems
	var files []*File
	first := map[string]string{}
	for _, path := range paths {
		f, err := Load(path)
		if err != nil {
			problems = append(problems, asProblems(path, err)...)
			continue
		}
		if other, taken := first[f.Definition.Name]; taken {
			problems = append(problems, f.Problem(config.Problem{
				Path:    "pipeline",
				Message: fmt.Sprintf("is %q, as in %s", f.Definition.Name, other),
				Cure:    "give each pipeline a name of its own",
			}))
			continue
		}
		first[f.Definition.Name] = path
		files = append(files, f)
	}
	return files, problems.err()
}

// Parse reads the text of a file. Path is used in messages, and as where
// relative paths begin.
func Parse(path string, raw []byte, env Lookup) (*File, error) {
	root, problems := parse(path, raw)
	if len(problems) > 0 {
		return nil, problems
	}
	f := &File{Path: path, root: root}
	e := &expander{path: path, env: env, readFile: config.ReadFile}
	e.walk(root, "")
	f.refs = e.refs
	if e.broken {
		return nil, e.problems.sort()
	}
	cfg := DefaultConfig()
	found, err := decode(root, &cfg)
	if err != nil {
		return nil, append(e.problems, Problem{Position: f.at(root), Message: err.Error(), Cure: "correct the YAML"})
	}
	for _, p := range found {
		if located := f.Problem(p); !e.faulty[located.Position] {
			e.problems = append(e.problems, located)
		}
	}
	if len(e.problems) > 0 {
		return nil, e.problems.sort()
	}
	f.Definition, err = f.define(&cfg)
	if err != nil {
		return nil, asProblems(path, err)
	}
	f.Definition.addFiles(e.places(root))
	return f, nil
}

// decode fills the configuration from the nodes.
func decode(root *yaml.Node, cfg *Config) ([]config.Problem, error) {
	var values map[string]any
	if err := root.Decode(&values); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	return config.Decode(raw, cfg), nil
}

func (f *File) define(cfg *Config) (*Definition, error) {
	d := &Definition{
		Name: cfg.Pipeline, Buffer: cfg.Buffer, StopTimeout: cfg.StopTimeout,
		Checkpoint: Checkpoint{Dir: besides(f.Path, cfg.Checkpoint.Dir), Interval: cfg.Checkpoint.Interval},
		Restart: Restart{
			Max: cfg.Restart.Max, Window: cfg.Restart.Window,
			InitialBackoff: cfg.Restart.InitialBackoff, MaxBackoff: cfg.Restart.MaxBackoff, RetryFailed: cfg.Restart.RetryFailed,
		},
	}
	var errs [3]error
	d.Source, errs[0] = stage(SourceName, &cfg.Source)
	if cfg.Transform != nil {
		var t Stage
		t, errs[1] = stage(TransformName, cfg.Transform)
		d.Transform = &t
	}
	for _, name := range f.sinkNames() {
		c := cfg.Sinks[name]
		s, err := stage("sinks."+name, &c)
		d.Sinks, errs[2] = append(d.Sinks, NamedStage{Name: name, Stage: s}), errors.Join(errs[2], err)
	}
	return d, errors.Join(errs[:]...)
}

func stage(path string, c *StageConfig) (Stage, error) {
	values := c.Config
	if values == nil {
		values = map[string]any{}
	}
	raw, err := json.Marshal(values)
	if err != nil {
		return Stage{}, fmt.Errorf("write configuration of %s: %w", path, err)
	}
	return Stage{Plugin: c.Plugin, SHA256: c.SHA256, Env: c.Env, Config: raw, Path: path}, nil
}

// besides returns a path that begins at the folder of a file.
func besides(file, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}

func asProblems(path string, err error) Problems {
	var p Problems
	if errors.As(err, &p) {
		return p
	}
	return Problems{{Position: Position{File: path}, Message: err.Error()}}
}

// reason is what went wrong with a file, without its name.
func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
