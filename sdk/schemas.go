package sdk

import (
	"fmt"
	"sync"

	"github.com/leat-io/leat/sdk/frame"
)

// schemas are those announced on a connection. Batches are read in other
// goroutines than the one that receives announcements.
type schemas struct {
	mu   sync.RWMutex
	byID map[SchemaID]Schema
}

func newSchemas() *schemas { return &schemas{byID: map[SchemaID]Schema{}} }

func (s *schemas) add(f *frame.Frame) error {
	schema, err := ParseSchema(f.Payload)
	if err != nil {
		return Permanent(fmt.Errorf("schema %x: %w", f.Sequence, err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[SchemaID(f.Sequence)] = schema
	return nil
}

func (s *schemas) get(id SchemaID) (Schema, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	schema, ok := s.byID[id]
	return schema, ok
}
