package frame

import (
	"math/bits"
	"sync"
)

const (
	// maxPooled is the largest buffer that is used again. Larger ones are rare.
	maxPooled = 2 << 20
	// maxIdle is how many bytes of buffers are kept that nobody uses.
	maxIdle = 8 << 20

	minPooled = 512
	// perOctave is the number of classes from one power of two to the next: a
	// buffer is at most a quarter larger than what it is taken for.
	perOctave = 4
	classes   = perOctave * 22
)

// buffers are those of all readers. A sync.Pool, emptied with each garbage
// collection, has most of what passes through a host allocated anew, which then
// takes as much memory again until the next one.
var buffers pool

// pool keeps buffers by class, those of the classes used last.
type pool struct {
	mu      sync.Mutex
	classes [classes]struct {
		idle [][]byte
		used uint64 // when a buffer last came or went
	}
	clock uint64
	bytes int // of all idle buffers
}

// class returns the number and the size of the smallest class with room for n
// bytes, where 0 < n <= maxPooled.
func class(n int) (index, size int) {
	n = max(n, minPooled)
	octave := bits.Len(uint(n - 1)) // 1<<(octave-1) < n <= 1<<octave
	step := 1 << octave / (2 * perOctave)
	steps := (n + step - 1) / step // of 2*perOctave
	return perOctave*octave + steps - perOctave - 1, steps * step
}

// get returns a buffer of n bytes, whatever they were before.
func (p *pool) get(n int) []byte {
	if n > maxPooled {
		return make([]byte, n)
	}
	i, size := class(n)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.touch(i)
	c := &p.classes[i]
	last := len(c.idle) - 1
	if last < 0 {
		return make([]byte, n, size)
	}
	b := c.idle[last]
	c.idle[last], c.idle = nil, c.idle[:last]
	p.bytes -= size
	return b[:n]
}

// put takes back what get returned.
func (p *pool) put(b []byte) {
	if cap(b) > maxPooled {
		return
	}
	i, size := class(cap(b))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.touch(i)
	p.classes[i].idle = append(p.classes[i].idle, b)
	for p.bytes += size; p.bytes > maxIdle; {
		p.drop()
	}
}

func (p *pool) touch(i int) {
	p.clock++
	p.classes[i].used = p.clock
}

// drop lets go of a buffer of the class that was not used for the longest time.
func (p *pool) drop() {
	oldest := -1
	for i := range p.classes {
		if c := &p.classes[i]; len(c.idle) > 0 && (oldest < 0 || c.used < p.classes[oldest].used) {
			oldest = i
		}
	}
	c := &p.classes[oldest]
	last := len(c.idle) - 1
	p.bytes -= cap(c.idle[last])
	c.idle[last], c.idle = nil, c.idle[:last]
}
