package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// The marks between which UpdateReadme writes.
const (
	readmeBegin = "<!-- config -->"
	readmeEnd   = "<!-- /config -->"
)

var errNoMarks = errors.New("has no " + readmeBegin + " followed by " + readmeEnd + "; add them where the table belongs")

// Markdown writes the fields as a table.
func Markdown(fields []Field) string {
	var b strings.Builder
	b.WriteString("| key | type | default | |\n| --- | --- | --- | --- |\n")
	for _, f := range fields {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Key, f.Type, defaultCell(f), escapeCell(DocText(f)))
	}
	return b.String()
}

// UpdateReadme writes the table between the marks <!-- config --> and
// <!-- /config --> of a file, and leaves a file that is up to date untouched.
func UpdateReadme(path string, fields []Field) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("update table: %w", err)
	}
	begin := bytes.Index(old, []byte(readmeBegin))
	end := bytes.Index(old, []byte(readmeEnd))
	if begin < 0 || end < begin {
		return fmt.Errorf("update table: %s %w", path, errNoMarks)
	}
	text := string(old[:begin]) + readmeBegin + "\n" + Markdown(fields) + string(old[end:])
	if text == string(old) {
		return nil
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return fmt.Errorf("update table: %w", err)
	}
	return nil
}

// DefaultText writes the default of a field for people: without the quotes of
// JSON, and "required" where the key must be given.
func DefaultText(f Field) string {
	if f.Required {
		return "required"
	}
	var text string
	if json.Unmarshal(f.Default, &text) != nil {
		text = string(f.Default)
	}
	return text
}

// DocText writes the doc of a field with its unit and options.
func DocText(f Field) string {
	doc := docOf(f)
	if len(f.Options) > 0 {
		doc += " One of " + strings.Join(f.Options, ", ") + "."
	}
	return doc
}

func defaultCell(f Field) string {
	text := DefaultText(f)
	if f.Required || text == "" {
		return text
	}
	return "`" + escapeCell(text) + "`"
}

func escapeCell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}
