package sdk

import (
	"bytes"

	"github.com/leat-io/leat/sdk/frame"
)

// What stands here serves sdktest and hosts in a test's process. Plugins have no
// need of it.

// NewBatch makes a batch of a frame and the schemas its records refer to.
func NewBatch(f *frame.Frame, known map[SchemaID]Schema) *Batch {
	return &Batch{frame: f, schemas: &schemas{byID: known}}
}

// Pack returns the bytes of the frames that write brings about: schemas, then
// one batch with that header and position. Its count is that of the records.
func Pack(h frame.Header, position []byte, write func(*Output) error) ([]byte, error) {
	var b bytes.Buffer
	o := newOutput(frame.NewWriter(&b))
	if err := write(o); err != nil {
		return nil, err
	}
	h.Type = frame.Batch
	err := o.finish(&frame.Frame{Header: h, Position: position})
	return b.Bytes(), err
}

// LimitBatches closes a source's batches at so many records, so that a test sees
// the position of each record. It is called before Open.
func (p *Plugin) LimitBatches(records int) { p.control.batchLimit = uint32(records) }
