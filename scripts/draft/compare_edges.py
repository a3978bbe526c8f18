import json,subprocess,sys,os,time
sys.path.insert(0,'.')
import complexity_guard as cg
top=os.path.realpath(sys.argv[1])
out=subprocess.run(['git','-C',top,'ls-files'],capture_output=True,text=True).stdout.split('\n')
files=[f for f in out if f.endswith(('.ts','.tsx','.js','.jsx','.mts','.cts','.mjs','.cjs')) and not f.endswith(('.d.ts','.d.mts','.d.cts')) and os.path.isfile(top+'/'+f)]
cache='out/edges/'+os.path.basename(top)+'.jsonl'
if not os.path.exists(cache):
    t=time.time()
    r=subprocess.run(['node','scripts/oracles/edges.mjs',top],input='\n'.join(files),capture_output=True,text=True,env=dict(os.environ,ORACLES='out/oracles'),cwd='.')
    print(r.stderr[-2000:]); open(cache,'w').write(r.stdout); print('oracle',time.time()-t)
rows=[json.loads(l) for l in open(cache)]
disk=cg.Disk(top); res=cg.Resolver(disk); proj=cg.Projects(res)
t=time.process_time()
bad=0;edges=0
from collections import Counter
kinds=Counter()
for r in rows:
    if r['kind']=='reference': continue
    folder=os.path.dirname(top+'/'+r['from'])
    o=proj.options_of(folder)
    got=res.resolve(r['specifier'],folder,o,r['mode'] or ('import'))
    rel=os.path.relpath(got,top) if got else None
    want=r['to']
    if want and (want.endswith('.json')): want=None
    if rel and rel.endswith('.json'): rel=None
    edges+= want is not None and 'node_modules' not in want
    if rel!=want:
        bad+=1
        if bad<15: print(r,'GOT',rel,o.resolution)
print(top,len(rows),'specifiers',edges,'edges',bad,'differ',round(time.process_time()-t,2),'s', 'missing extends',len(set(proj.missing)))
