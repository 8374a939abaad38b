import { confusionMarkup } from './charts/confusion-map.ts';

/**
 * What the page does beyond being read: sort and search the table of classes, zoom and reorder the confusion map, enlarge pictures.
 * Plain JavaScript for browsers; names reach the page by textContent, or through confusionMarkup, which escapes them.
 */
export const script = `'use strict';
document.documentElement.classList.add('script');
const one=(selector,root=document)=>root.querySelector(selector);
const all=(selector,root=document)=>[...root.querySelectorAll(selector)];

function tables(){
  for(const table of all('table.sortable')){
    const heads=all('th',table);
    heads.forEach((head,column)=>{
      const button=document.createElement('button');
      button.type='button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click',()=>{
        const down=head.getAttribute('aria-sort')?head.getAttribute('aria-sort')==='ascending':head.classList.contains('r');
        heads.forEach((other)=>other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort',down?'descending':'ascending');
        const key=(row)=>row.cells[column].dataset.v??row.cells[column].textContent;
        const numeric=head.classList.contains('r');
        const rows=[...table.tBodies[0].rows];
        rows.sort((a,b)=>{
          const x=key(a),y=key(b);
          if(numeric&&(x===''||y===''))return x===y?0:x===''?1:-1;
          const order=numeric?x-y:x.localeCompare(y,'en');
          return down?-order:order;
        });
        table.tBodies[0].append(...rows);
      });
    });
    const search=one('#class-search');
    if(search&&table.id==='classes-table')search.addEventListener('input',()=>{
      const wanted=search.value.trim().toLowerCase();
      for(const row of table.tBodies[0].rows)row.hidden=!row.cells[0].textContent.toLowerCase().includes(wanted);
    });
  }
}

function map(){
  const svg=one('#confusion-map');
  const block=one('#confusion-data');
  if(!svg||!block)return;
  const draw=${confusionMarkup.toString()};
  const data=JSON.parse(block.textContent);
  const count=data.names.length;
  const counts=new Map(data.cells.map(([a,p,n])=>[a*count+p,n]));
  const byName=data.names.map((_,i)=>i);
  const worst=[...byName].sort((a,b)=>data.recall[a]-data.recall[b]||a-b);
  const orders={cluster:data.order,name:byName,worst};
  const view={order:data.order,left:0,top:0,span:count};
  let gutter;
  let focus;
  const readout=one('#confusion-readout');
  const start=readout.textContent;
  const clamp=(value)=>Math.max(0,Math.min(count-view.span,Math.round(value)));
  const show=()=>{
    svg.innerHTML=draw({...data,...view});
    gutter=Number(one('.field',svg).getAttribute('x'));
    one('#map-out').disabled=view.span===count;
    one('#map-in').disabled=view.span<=4;
  };
  const zoom=(factor,row,column)=>{
    const span=Math.max(Math.min(4,count),Math.min(count,Math.round(view.span*factor)));
    const y=row??view.top+view.span/2,x=column??view.left+view.span/2;
    const from=view.span;
    view.span=span;
    view.top=clamp(y-(y-view.top)*span/from);
    view.left=clamp(x-(x-view.left)*span/from);
    show();
  };
  const tell=(row,column)=>{
    for(const cross of all('.cross',svg))cross.remove();
    if(row===undefined){readout.textContent=start;return;}
    const actual=view.order[row],called=view.order[column];
    const n=counts.get(actual*count+called)??0,of=data.support[actual];
    const share=of?' ('+(100*n/of).toFixed(1)+' %)':'';
    readout.textContent=actual===called
      ?n+' of '+of+' pictures of \\u201c'+data.names[actual]+'\\u201d were recognised'+share+'.'
      :n+' of '+of+' pictures of \\u201c'+data.names[actual]+'\\u201d were called \\u201c'+data.names[called]+'\\u201d'+share+'.';
    const cell=(1000-gutter)/view.span;
    const bar=(x,y,width,height)=>{
      const rect=document.createElementNS('http://www.w3.org/2000/svg','rect');
      for(const [key,value] of Object.entries({class:'cross',x,y,width,height}))rect.setAttribute(key,value);
      svg.append(rect);
    };
    bar(0,gutter+(row-view.top)*cell,1000,cell);
    bar(gutter+(column-view.left)*cell,0,cell,1000);
  };
  const placeOf=(event)=>{
    const box=svg.getBoundingClientRect();
    const cell=(1000-gutter)/view.span;
    const column=Math.floor(((event.clientX-box.left)*1000/box.width-gutter)/cell)+view.left;
    const row=Math.floor(((event.clientY-box.top)*1000/box.height-gutter)/cell)+view.top;
    const inside=row>=view.top&&column>=view.left&&row<view.top+view.span&&column<view.left+view.span;
    return inside?[row,column]:[];
  };
  svg.addEventListener('pointermove',(event)=>{focus=undefined;tell(...placeOf(event));});
  svg.addEventListener('pointerleave',()=>tell());
  svg.addEventListener('dblclick',(event)=>{const [row,column]=placeOf(event);if(row!==undefined)zoom(event.shiftKey?2:0.5,row,column);});
  svg.addEventListener('keydown',(event)=>{
    const step={ArrowUp:[-1,0],ArrowDown:[1,0],ArrowLeft:[0,-1],ArrowRight:[0,1]}[event.key];
    if(event.key==='+'||event.key==='=')zoom(0.5,...(focus??[]));
    else if(event.key==='-')zoom(2,...(focus??[]));
    else if(step){
      focus=(focus??[view.top-step[0],view.left-step[1]]).map((at,i)=>Math.max(0,Math.min(count-1,at+step[i])));
      if(focus[0]<view.top)view.top=focus[0];
      if(focus[0]>=view.top+view.span)view.top=focus[0]-view.span+1;
      if(focus[1]<view.left)view.left=focus[1];
      if(focus[1]>=view.left+view.span)view.left=focus[1]-view.span+1;
      show();tell(...focus);
    }else return;
    event.preventDefault();
  });
  let drag;
  svg.addEventListener('pointerdown',(event)=>{if(event.pointerType==='mouse'&&view.span<count)drag={x:event.clientX,y:event.clientY,left:view.left,top:view.top};});
  addEventListener('pointerup',()=>{drag=undefined;});
  svg.addEventListener('pointermove',(event)=>{
    if(!drag)return;
    const cell=svg.getBoundingClientRect().width*(1000-gutter)/1000/view.span;
    view.left=clamp(drag.left-(event.clientX-drag.x)/cell);
    view.top=clamp(drag.top-(event.clientY-drag.y)/cell);
    show();
  });
  one('#map-in').addEventListener('click',()=>zoom(0.5));
  one('#map-out').addEventListener('click',()=>zoom(2));
  one('#map-all').addEventListener('click',()=>{view.span=count;view.left=view.top=0;show();});
  one('#map-order').addEventListener('change',(event)=>{view.order=orders[event.target.value];show();});
  one('#map-find').addEventListener('change',(event)=>{
    const wanted=event.target.value.trim().toLowerCase();
    const exact=data.names.findIndex((label)=>label.toLowerCase()===wanted);
    const found=wanted===''?-1:exact>=0?exact:data.names.findIndex((label)=>label.toLowerCase().includes(wanted));
    if(found<0)return;
    const at=view.order.indexOf(found);
    view.span=Math.min(count,24);
    view.top=clamp(at-view.span/2+0.5);view.left=clamp(at-view.span/2+0.5);
    show();tell(at,at);
  });
  show();
}

function pictures(){
  const dialog=one('#enlarged');
  if(!dialog||!dialog.showModal)return;
  for(const button of all('button.thumb'))button.addEventListener('click',()=>{
    const source=one('img',button);
    if(!source)return;
    one('img',dialog).src=source.src;
    one('img',dialog).alt=source.alt;
    one('.caption',dialog).textContent=source.alt;
    dialog.showModal();
  });
  dialog.addEventListener('click',()=>dialog.close());
}
tables();map();pictures();
`;
