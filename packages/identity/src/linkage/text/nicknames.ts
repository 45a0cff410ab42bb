/** Given names that people use for one another, a group a line: English first, then other languages. Lower case, folded. */
const GROUPS = `
abigail abby abbie gail|albert al bert bertie|alexander alex alec sandy sasha xander lex|alexandra alex sandra sandy sasha lexi
alfred alf alfie fred freddie|alice ali elsie|amanda mandy manda|andrew andy drew|angela angie|ann anne anna annie nan nancy hannah
anthony antony tony|archibald archie|arthur art artie|augustus gus augie|barbara barb barbie babs|bartholomew bart|beatrice bea trixie
benjamin ben benny benji|bernard bernie barney|bridget biddy bridie|caroline carolyn carrie caro lina|cassandra cass cassie sandra
catherine katherine kathryn catharine katharine kate katie kathy cathy kitty kit kay|cecilia cecily cissy celia
charles charlie chas chuck charley|charlotte lottie charlie lotte|christine christina chris chrissie tina|christopher chris kit topher
clarence clarry|clifford cliff|cornelius neil con|cynthia cindy|daniel dan danny|david dave davy davey|deborah debra deb debbie
dennis denis den denny|donald don donnie|dorothy dot dottie dolly dora|douglas doug|edith edie|edmund ed eddie ned ted|edward ed eddie ned ted teddy
edwin ed eddie|eleanor elinor nell nellie nora ella ellie lena|elizabeth elisabeth liz lizzie beth betty bess bessie betsy eliza elsie lisa libby lily
emily em emmy millie|emma em emmy|ernest ernie|esther hetty essie|eugene gene|eve eva evie evelyn|florence flo flora florrie flossie
frances fran fanny francie frankie|francis frank fran frankie|franklin frank|frederick frederic fred freddie freddy fritz|gabriel gabe|gabrielle gabby
geoffrey jeffrey geoff jeff|george georgie|gerald gerry jerry|gerard gerry|gertrude gert gertie trudy|gilbert gil bert|grace gracie|gregory greg
harold harry hal|harriet hattie harrie|helen nell nellie ellen lena|henrietta etta hetty hattie|henry harry hal hank|herbert bert herb bertie|horace horry
hugh hughie hugo|ian iain|isaac ike zac|isabel isabella isobel bella belle izzy tibby|jacob jake jack|jacqueline jackie|james jim jimmy jamie jem
jane jean jenny janie janet joan|jennifer jen jenny jenn|jeremiah jerry jeremy|jessica jess jessie|joan joanie|joanna joanne jo|john jack johnny jock jonny jon
jonathan jon johnny jonny nathan|joseph joe joey jos|josephine jo josie|joshua josh|judith judy jude|julia julie jules|kenneth ken kenny|kimberly kim
laura laurie lori|lawrence laurence larry laurie|leonard leo len lenny|leopold leo|leslie les|lewis louis lou louie lew|louisa louise lou lulu
lucy lucinda lucille|lydia liddy|madeline maddie|margaret margarita maggie meg peg peggy madge daisy greta rita marge margie margery
maria mary mae may molly polly mamie mimi minnie marie|marjorie marge|martha mattie patty|martin marty|mathew matthew matt matty|matilda tilly mattie maud
maurice morris mo|maxwell max|maximilian max|melanie mel|melissa mel missy lissa|michael mike mick mickey micky mitch|mildred millie|mitchell mitch
nathaniel nathan nat nate|nicholas nick nicky nicolas claus|nicole nicky nikki|norman norm|oliver ollie noll|olivia liv livvy ollie
pamela pam|patricia pat patty tricia trish patsy|patrick pat paddy|paul pauly|penelope penny|percival percy|peter pete|philip phillip phil pip
philippa pippa|priscilla prissy cilla|rachel rach|ralph rafe|randolph randy|raymond ray|rebecca becky becca|reginald reg reggie rex
richard rick dick rich richie ricky dickie|robert rob bob bobby robbie bert robin robby|roberta bobbie|roderick rod|rodney rod|roger rodge hodge
ronald ron ronnie|rosemary rose rosie|rose rosie rosa|rudolph rudy rolf|russell russ|ruth ruthie|samantha sam|samuel sam sammy|sarah sara sally sadie
sebastian seb|sidney sydney sid|simon si|sophia sophie sofia|stanley stan|stephanie steph|stephen steven steve stevie|stuart stewart stu|susan susanna susannah sue susie suzie
sylvester sly|tamara tammy|terence terrance terry|theodore ted teddy theo|theresa teresa terry tess tessa|thomas tom tommy|timothy tim timmy
tobias toby|ursula ursie|valerie val|vanessa nessa|veronica ronnie|victor vic|victoria vicky vic tori|vincent vince vin|virginia ginny|vivian viv
walter walt wally|wilfred wilf fred|wilhelmina mina minnie|william will bill billy willy willie liam|winifred win winnie freda|zachary zach zac
ahmad ahmed achmad|alejandro alex|antonio tonio toni|francisco paco pancho curro|guadalupe lupe|guillermo memo|ignacio nacho|jesus chucho|jose pepe
juan juanito|manuel manolo|mercedes merche|mohammed muhammad mohammad mohamed mohd muhamad|rafael rafa|roberto beto|rosario charo|dolores lola
concepcion concha|eduardo edu lalo|enrique quique|alberto beto|fernando fer nando|hans johannes johann|heinrich heinz heiner|josef sepp|wilhelm willi
katharina kathi kati|margarete gretel grete|friedrich fritz|aleksandr sasha|dmitri dmitry dima|ekaterina katya|ivan vanya|mikhail misha|nikolai kolya
vladimir vova volodya|yevgeny evgeny zhenya|sergei sergey seryozha|natalia natalya natasha|giovanni gianni|giuseppe beppe peppe|luigi gigi|pierre pierrot
agung agus|bambang bams|siti sitti|abdul abd abdoel|dewi devi|putri puteri|yusuf jusuf yosef|joko djoko|soekarno sukarno|suharto soeharto`;

const groupsOf = new Map<string, number[]>();
for (const [index, group] of GROUPS.split(/[|\n]/).entries())
  for (const name of group.split(' ')) if (name !== '') groupsOf.set(name, [...(groupsOf.get(name) ?? []), index]);

/** Whether one is what people with the other name are called: `bob` and `robert`. */
export function isNickname(a: string, b: string): boolean {
  const groups = groupsOf.get(a);
  if (groups === undefined) return false;
  const others = groupsOf.get(b);
  return others?.some((group) => groups.includes(group)) ?? false;
}

/** Number of a name that has nicknames, or is one; -1: of any other. */
export function nicknameNumber(name: string): number {
  return numberOf.get(name) ?? -1;
}

/** `isNickname` by number. */
export function areNicknames(a: number, b: number): boolean {
  return a >= 0 && b >= 0 && related[a * numberOf.size + b] === 1;
}

const numberOf = new Map([...groupsOf.keys()].map((name, number) => [name, number]));
const related = new Uint8Array(numberOf.size ** 2);
for (const [a, number] of numberOf)
  for (const [b, other] of numberOf) if (isNickname(a, b)) related[number * numberOf.size + other] = 1;
