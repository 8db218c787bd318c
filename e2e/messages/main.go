package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

//go:generate go run . -root ../..

func main() {
	root := flag.String("root", ".", "folder of the code")
	list := flag.Bool("list", false, "print the messages that have no entry yet, as entries to be completed, and write nothing")
	flag.Parse()
	if err := run(*root, *list); err != nil {
		log.Fatal(err)
	}
}

func run(root string, list bool) error {
	dir := filepath.Join(root, "docs", "messages")
	entries, err := load(dir)
	if err != nil {
		return err
	}
	found, err := scan(root, components)
	if err != nil {
		return err
	}
	if list {
		return listMissing(os.Stdout, found, entries)
	}
	if problems := compare(found, entries); len(problems) > 0 {
		for _, p := range problems {
			fmt.Fprintln(os.Stderr, p)
		}
		return fmt.Errorf("%d messages and entries do not match: see go run ./e2e/messages -list", len(problems))
	}
	return os.WriteFile(filepath.Join(root, "docs", "messages.md"), []byte(document(components, found, entries)), 0o600)
}
